/**
 * What the repository's surroundings say of its environment: Dockerfiles, dev containers, pipelines and lists of
 * packages (docs/ecosystems/environments.md). They are of the folder that they speak for; which projects that is,
 * src/detect/system/place.ts decides when all are known.
 */
import { addTo } from '../../grouped.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { isBinderFolder } from '../shared/binder.ts';
import { folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, Need } from '../types.ts';
import { circleFolder, dockerfileNames, gitlabName, workflowFolder } from './claims.ts';
import { spokenFor } from './folders.ts';
import { newest, type StatedVersion, type Statements, together } from './statements.ts';

/** In the order of precedence: what is for development, what is deployed, what is tested. */
export const detectSystem: Detect = async ({ inventory }) => {
  const files = [...inventory.files.values()].filter(({ text }) => text !== null);
  return [
    ...needsByFolder(await devContainers(files)),
    ...needsByFolder(await dockerfiles(files)),
    ...needsByFolder(await pipelines(files)),
    ...needsByFolder(await lists(files, inventory)),
  ];
};

/** What files say, by the folder that they speak for. */
type ByFolder = Map<string, Statements[]>;

function needsByFolder(found: ByFolder): Need[] {
  return [...found].flatMap(([folder, all]) => needsOf(folder, together(all)));
}

function needsOf(folder: string, { versions, packages, extensions }: Statements): Need[] {
  return [
    ...newest(versions).map((version) => toolchain(folder, version)),
    ...extensions.map(
      ({ id, name, because }): Need => ({
        kind: 'toolchain',
        id,
        project: folder,
        requests: [],
        because: [because],
        stated: 'where-needed',
        extensions: [{ name, because: [because] }],
      }),
    ),
    ...packages.map(
      ({ name, languages, because }): Need => ({
        kind: 'system-package',
        name,
        folder,
        languages,
        because: [because],
      }),
    ),
  ];
}

function toolchain(folder: string, { id, raw, scheme, because, isOneOfSeveral }: StatedVersion): Need {
  const stated = isOneOfSeveral === true ? 'among' : 'alone';
  const requests = [{ raw, scheme, because, stated } as const];
  return { kind: 'toolchain', id, project: folder, requests, because: [because], stated: 'where-needed' };
}

function add(found: ByFolder, file: ClaimedFile, statements: Statements): void {
  const folder = spokenFor(folderOf(file.path));
  if (folder !== null) addTo(found, folder, statements);
}

async function devContainers(files: readonly ClaimedFile[]): Promise<ByFolder> {
  const found: ByFolder = new Map();
  for (const file of files) {
    if (!/(^|\/)\.?devcontainer\.json$/.test(file.path) || isSideFolder(folderOf(file.path))) continue;
    const { devContainerStatements } = await import('./devcontainers.ts');
    add(found, file, await devContainerStatements(file));
  }
  return found;
}

const dockerfileSet = new Set(dockerfileNames);

async function dockerfiles(files: readonly ClaimedFile[]): Promise<ByFolder> {
  const found: ByFolder = new Map();
  for (const file of files) {
    if (!dockerfileSet.has(nameOf(file.path)) || isSideFolder(folderOf(file.path))) continue;
    const { dockerfileStatements } = await import('./dockerfiles.ts');
    add(found, file, dockerfileStatements(file));
  }
  return found;
}

/** They speak for the root. */
async function pipelines(files: readonly ClaimedFile[]): Promise<ByFolder> {
  const all: Statements[] = [];
  for (const file of files) {
    const folder = folderOf(file.path);
    if (folder === workflowFolder && /\.ya?ml$/.test(file.path)) {
      const { workflowStatements } = await import('./workflows.ts');
      all.push(await workflowStatements(file));
    } else if (file.path === gitlabName) {
      const { gitlabStatements } = await import('./pipelines.ts');
      all.push(await gitlabStatements(file));
    } else if (folder === circleFolder && /^config\.ya?ml$/.test(nameOf(file.path))) {
      const { circleStatements } = await import('./pipelines.ts');
      all.push(await circleStatements(file));
    }
  }
  return all.length === 0 ? new Map() : new Map([['.', all]]);
}

/** `apt.txt` is Binder's, `Aptfile` Heroku's; `packages.txt` is Streamlit's beside requirements that name it. */
async function lists(files: readonly ClaimedFile[], { files: all }: Inventory): Promise<ByFolder> {
  const found: ByFolder = new Map();
  for (const file of files) {
    const folder = folderOf(file.path);
    const name = nameOf(file.path);
    const speaksFor = isBinderFolder(folder) ? '.' : folder;
    const isList =
      (name === 'apt.txt' && (folder === '.' || isBinderFolder(folder))) ||
      name === 'Aptfile' ||
      (name === 'packages.txt' && isStreamlit(all, folder));
    if (!isList || isSideFolder(folder)) continue;
    const { listStatements } = await import('./lists.ts');
    addTo(found, speaksFor, listStatements(file));
  }
  return found;
}

function isStreamlit(files: Inventory['files'], folder: string): boolean {
  const at = (name: string) => files.get(join(folder, name))?.text ?? '';
  return ['requirements.txt', 'pyproject.toml', 'Pipfile', 'environment.yml'].some((name) =>
    /(^|[^\w-])streamlit([^\w-]|$)/m.test(at(name)),
  );
}
