/** pixi: https://pixi.sh/latest/reference/pixi_manifest/ */
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { fileIn } from '../shared/tree.ts';
import type { Need } from '../types.ts';
import { interpreters } from './names.ts';
import { parseSpec, requestOf } from './spec.ts';

/** Needs of a folder that pixi manages; null where it does not. */
export async function pixiNeeds(inventory: Inventory, folder: string): Promise<Need[] | null> {
  const lock = fileIn(inventory, folder, 'pixi.lock');
  const manifest = await manifestOf(inventory, folder);
  if (manifest === null) return null;
  const { file, value, at, line } = manifest;
  const because = [presence(file.path, 'conda/pixi')];
  const languages: string[] = [];
  const toolchains: Need[] = [];
  for (const [name, entry] of entriesAt(value, [...at, 'dependencies'])) {
    const id = Object.hasOwn(interpreters, name) ? interpreters[name] : undefined;
    if (id === undefined) continue;
    languages.push(id);
    const version = typeof entry === 'string' ? entry : stringAt(entry, ['version']);
    const spec = parseSpec(version === null || version === '*' ? name : `${name} ${version}`);
    const place = evidence(file, line([...at, 'dependencies', name]), 'conda/pixi-dependency');
    const requests = spec === null ? [] : requestOf({ ...spec, version }, place);
    toolchains.push({ kind: 'toolchain', id, project: folder, requests, because: [place] });
  }
  if (entriesAt(value, [...at, 'pypi-dependencies']).length > 0 && !languages.includes('python')) {
    languages.push('python');
  }
  const install = `pixi install${lock === null ? '' : ' --locked'}`;
  return [
    ...toolchains,
    {
      kind: 'package-manager',
      id: 'pixi',
      project: folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because,
    },
    {
      kind: 'project',
      brings: ['python', 'r'],
      path: folder,
      name:
        stringAt(value, [...at, 'workspace', 'name']) ??
        stringAt(value, [...at, 'project', 'name']) ??
        stringAt(value, ['project', 'name']),
      languages,
      frameworks: [],
      packageManager: 'pixi',
      commands: { install, ...tasksOf(valueAt(value, [...at, 'tasks'])) },
      ports: [],
      because,
    },
  ];
}

interface Manifest {
  file: ClaimedFile;
  value: unknown;
  /** Where pixi's tables begin. */
  at: Path;
  line(path: Path): number | null;
}

/** `pixi.toml`, or pixi's part of `pyproject.toml`. */
async function manifestOf(inventory: Inventory, folder: string): Promise<Manifest | null> {
  for (const [name, at] of [
    ['pixi.toml', []],
    ['pyproject.toml', ['tool', 'pixi']],
  ] as const) {
    const file = fileIn(inventory, folder, name);
    const document = file?.text == null ? null : await parseTomlFile(file);
    if (file === null || document === null || (at.length > 0 && !isRecord(valueAt(document.value, at))))
      continue;
    return { file, value: document.value, at, line: (path) => document.line(path) };
  }
  return null;
}

/** Names that tasks go by. */
const taskNames: Readonly<Record<Exclude<keyof Commands, 'install'>, readonly string[]>> = {
  build: ['build', 'postinstall'],
  test: ['test', 'tests', 'pytest'],
  start: ['start', 'serve', 'run', 'main'],
  dev: ['dev', 'notebook', 'lab'],
  lint: ['lint', 'check', 'pre-commit'],
};

function tasksOf(tasks: unknown): Partial<Commands> {
  if (!isRecord(tasks)) return {};
  const found = Object.entries(taskNames).flatMap(([command, names]) => {
    const name = names.find((each) => Object.hasOwn(tasks, each));
    return name === undefined ? [] : [[command, `pixi run ${name}`]];
  });
  return Object.fromEntries(found);
}
