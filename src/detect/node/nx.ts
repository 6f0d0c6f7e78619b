/**
 * Applications of an Nx workspace that have no manifest of their own: `project.json` names their targets.
 * https://nx.dev/reference/project-configuration
 */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import { presence, shown } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, folderOf, isBelow, isSideFolder, nameOf } from '../shared/tree.ts';
import type { DetectContext, ProjectNeed } from '../types.ts';
import { runProgram } from './commands.ts';
import { defaultPort, frameworksOf } from './frameworks.ts';
import type { ManagerId } from './manager-signs.ts';
import { namedFiles } from './packages.ts';

/** Target names by purpose, best first. */
const targets: Record<keyof Omit<Commands, 'install'>, readonly string[]> = {
  build: ['build'],
  test: ['test'],
  start: ['serve', 'start'],
  dev: ['serve', 'dev'],
  lint: ['lint'],
};

export async function nxProjects(
  context: DetectContext,
  root: string,
  manager: ManagerId,
  install: string,
  configured: (folder: string) => readonly string[],
): Promise<ProjectNeed[]> {
  const { inventory } = context;
  if (fileIn(inventory, root, 'nx.json') === null) return [];
  const projects: ProjectNeed[] = [];
  for (const file of namedFiles(inventory, 'project.json')) {
    const { path } = file;
    const folder = folderOf(path);
    if (folder === root || !isBelow(folder, root)) continue;
    if (isSideFolder(folder) || folder.endsWith('-e2e') || fileIn(inventory, folder, 'package.json') !== null)
      continue;
    const value = (await parseJsonFile(file, { comments: true }))?.value;
    if (stringAt(value, ['projectType']) !== 'application') continue;
    const name = stringAt(value, ['name']) ?? nameOf(folder);
    if (!/^[\w@][\w./@-]*$/.test(name)) continue;
    const known = valueAt(value, ['targets']) ?? valueAt(value, ['architect']);
    const commands: Partial<Commands> = { install };
    for (const [purpose, names] of Object.entries(targets)) {
      const target = names.find((each) => isRecord(known) && Object.hasOwn(known, each));
      if (target !== undefined) {
        commands[purpose as keyof typeof targets] = runProgram(manager, `nx run ${name}:${target}`);
      }
    }
    const found = frameworksOf(null, configured(folder));
    const port = valueAt(known, ['serve', 'options', 'port']) ?? defaultPort(found, null);
    projects.push({
      kind: 'project',
      path: folder,
      name: shown(name),
      languages: ['node'],
      frameworks: found.map(({ id }) => id),
      packageManager: manager,
      commands,
      ports: typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536 ? [port] : [],
      because: [presence(path, 'node/nx')],
    });
  }
  return projects;
}
