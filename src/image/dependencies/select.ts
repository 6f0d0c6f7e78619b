/** Which projects have their dependencies installed in an image, how, and which files that depends on. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Plan, Project } from '../../plan/schema.ts';
import { type ProjectSteps, stepsOf } from '../../verify/steps.ts';
import { compare } from '../layers.ts';
import { commonVariables, type Manager, managerOfLanguage, managers } from './managers.ts';
import type { FileTree } from './tree.ts';

export interface Installation {
  /** Path of the project. */
  path: string;
  environment: string;
  manager: string;
  /** A line for bash. */
  command: string;
  /** What it has besides the variables of the environment. */
  variables: Readonly<Record<string, string>>;
  /** Names of registries (src/sandbox/registries.ts). */
  registries: readonly string[];
  /** What installing reads, sorted: all files of the repository where `why` says so. */
  files: readonly string[];
  /** Files that are there, though empty. */
  stubs: readonly string[];
  /** Why all files count; null: they do not. */
  why: string | null;
}

/** Why a project's dependencies are not in the image. */
export interface Notice {
  code: 'no-lock-file' | 'needs-scripts' | 'manager-unknown' | 'whole-tree';
  project: string;
  message: string;
}

export interface Selection {
  allowScripts: boolean;
  installations: readonly Installation[];
  notices: readonly Notice[];
  tree: FileTree;
}

/** Of the digest: another one when the same files would give another layer. */
const formatVersion = 2;

/** @param allowScripts code of packages, and of the project, may be run in the sandbox */
export async function selectDependencies(
  plan: Plan,
  tree: FileTree,
  { allowScripts = false }: { allowScripts?: boolean } = {},
): Promise<Selection> {
  const installations: Installation[] = [];
  const notices: Notice[] = [];
  const steps = stepsOf(plan, null, (file) => tree.blobs.has(path.posix.normalize(file)));
  const covered = new Set(steps.flatMap((each) => each.steps.flatMap(({ coveredBy }) => coveredBy ?? [])));
  for (const each of steps) {
    const project = plan.projects.find((other) => other.path === each.path);
    const install = each.steps.find(({ step }) => step === 'install');
    if (project === undefined || install === undefined) continue;
    if (install.command === null || install.coveredBy !== null) continue;
    const notice = (code: Notice['code'], message: string) => {
      notices.push({ code, project: each.path, message: `${each.path}: ${message}` });
    };
    for (const part of partsOf(project, install.command)) {
      const isRoot = covered.has(each.path);
      const installation = await installationOf(part, each, { tree, allowScripts, isRoot, notice });
      if (installation !== null) installations.push(installation);
    }
  }
  return { allowScripts, installations, notices, tree };
}

/** How a part is installed; null where it is not, of which a notice says why. */
async function installationOf(
  { name, command }: { name: string; command: string },
  { path: folder, environment, registries }: ProjectSteps,
  {
    tree,
    allowScripts,
    isRoot,
    notice,
  }: {
    tree: FileTree;
    allowScripts: boolean;
    isRoot: boolean;
    notice(code: Notice['code'], message: string): void;
  },
): Promise<Installation | null> {
  const manager = Object.hasOwn(managers, name) ? managers[name] : undefined;
  if (manager === undefined) {
    notice('manager-unknown', `nidify does not install with ${name || command} for an image`);
    return null;
  }
  if (!(await isLocked(manager, folder, command, tree))) {
    const locks = manager.locks === 'pinned' ? 'requirements with one version each' : manager.locks[0];
    notice('no-lock-file', `no dependencies in the image, since there is no lock file (${locks})`);
    return null;
  }
  if (!allowScripts && !manager.known.test(command)) {
    notice('needs-scripts', `no dependencies in the image, since \`${command}\` runs code of packages`);
    return null;
  }
  const read = readBy(manager, folder, isRoot || (await isWorkspace(folder, tree)), tree);
  const runner = allowScripts ? null : await runningCode(manager, read, tree);
  if (runner !== null) {
    notice('needs-scripts', `no dependencies in the image, since ${runner} runs code of the repository`);
    return null;
  }
  const why = await reasonForAll(manager, read, tree, allowScripts);
  if (why !== null) notice('whole-tree', `installed anew whenever any file changes, since ${why}`);
  return {
    path: folder,
    environment,
    manager: name,
    command: allowScripts ? command : withWords(manager, command),
    variables: { ...commonVariables, ...manager.always, ...(allowScripts ? {} : manager.variables) },
    registries,
    files: why === null ? read : [...tree.blobs.keys()].sort(compare),
    stubs: why === null ? stubsOf(manager, folder, tree) : [],
    why,
  };
}

/** What is installed by which package manager. */
function partsOf({ installs, packageManager, languages }: Project, command: string) {
  const [first = ''] = languages;
  const parts = installs ?? [{ packageManager, language: first, command }];
  return parts.map((part) => ({
    name: part.packageManager ?? managerOfLanguage[part.language] ?? '',
    command: part.command,
  }));
}

/**
 * What decides whether a layer with the dependencies is the same: sha256, hexadecimal; null where there are none.
 *
 * @param environmentDigest of the environment in which they are installed
 */
export function dependenciesDigest(
  { installations, allowScripts, tree }: Selection,
  environmentDigest: string,
): string | null {
  if (installations.length === 0) return null;
  const projects = installations.map((each) => [
    ...[each.path, each.environment, each.command],
    Object.entries(each.variables).sort(([a], [b]) => compare(a, b)),
    each.files.map((file) => [file, tree.blobs.get(file)]),
  ]);
  const content = JSON.stringify([formatVersion, environmentDigest, allowScripts, projects]);
  return createHash('sha256').update(content).digest('hex');
}

function withWords({ words }: Manager, command: string): string {
  return [command, ...words.flatMap(({ when, add }) => (when.test(command) ? [add] : []))].join(' ');
}

async function isLocked(
  { locks }: Manager,
  folder: string,
  command: string,
  tree: FileTree,
): Promise<boolean> {
  if (locks !== 'pinned') return locks.some((name) => tree.blobs.has(path.posix.join(folder, name)));
  // Whatever is installed besides the files is of any version.
  const wanted = [...command.matchAll(/(^| )pip install(?<words>[^&]*)/g)];
  const words = wanted.flatMap(({ groups }) => groups?.words?.trim().split(/\s+/) ?? []);
  const files = words.filter((_, at) => words[at - 1] === '-r');
  const others = words.filter((word, at) => word !== '-r' && words[at - 1] !== '-r');
  if (files.length === 0 || others.some((word) => word !== '-e' && !/^\.(\\\[.*\\\])?$/.test(word)))
    return false;
  const pinned = files.map((file) => isPinned(path.posix.join(folder, file), tree));
  return (await Promise.all(pinned)).every(Boolean);
}

const pin = /^[A-Za-z0-9][\w.-]*(\[[\w\s,.-]*\])?\s*===?\s*[\w.+!-]+(\s*;.*)?(\s+--hash[= ]\S+)*$/;
const option =
  /^(--hash|--require-hashes|--index-url|-i|--extra-index-url|--trusted-host|--only-binary|--no-binary|--prefer-binary)\b/;

async function isPinned(file: string, tree: FileTree, depth = 0): Promise<boolean> {
  if (!tree.blobs.has(file) || depth > 8) return false;
  const text = (await tree.read(file)).replaceAll(/\\\r?\n/g, ' ');
  for (const line of text.split(/\r?\n/).map((each) => each.replace(/(^|\s)#.*$/, '').trim())) {
    const other = /^(-r|--requirement)[= ]\s*(?<file>\S+)$/.exec(line)?.groups?.file;
    if (other !== undefined) {
      if (!(await isPinned(path.posix.join(path.posix.dirname(file), other), tree, depth + 1))) return false;
    } else if (line !== '' && !pin.test(line) && !option.test(line) && !/^(-c|--constraint)\b/.test(line)) {
      return false;
    }
  }
  return true;
}

const isBelow = (file: string, folder: string): boolean =>
  folder === '.' || file === folder || file.startsWith(`${folder}/`);

/** Whether the manifests of folders below count: those of members, and of crates and modules that are named by path. */
async function isWorkspace(folder: string, tree: FileTree): Promise<boolean> {
  const has = (name: string) => tree.blobs.has(path.posix.join(folder, name));
  if (has('pnpm-workspace.yaml') || has('go.work')) return true;
  const signs: readonly (readonly [string, RegExp])[] = [
    ['package.json', /"workspaces"\s*:|"(file|link|portal|workspace):/],
    ['pyproject.toml', /^\s*\[tool\.uv\.(workspace|sources)/m],
    ['Cargo.toml', /^\s*\[workspace|\bpath\s*=/m],
    ['go.mod', /=>\s*\.\.?\//],
    ['deno.json', /"workspace"\s*:/],
    ['deno.jsonc', /"workspace"\s*:/],
  ];
  for (const [name, sign] of signs) {
    if (has(name) && sign.test(await tree.read(path.posix.join(folder, name)))) return true;
  }
  return false;
}

/** Files of the project's folder, of those below where it has members, and of those above, which may configure it. */
function readBy({ reads }: Manager, folder: string, hasMembers: boolean, tree: FileTree): string[] {
  const candidates = [...tree.blobs.keys()].filter(
    (file) => reads.test(file) && !/(^|\/)node_modules\//.test(file),
  );
  const isAbove = (file: string) => isBelow(folder, path.posix.dirname(file));
  // The members that a workspace above lists must be there.
  const root = candidates.find(
    (file) => /(^|\/)(go\.work|pnpm-workspace\.yaml)$/.test(file) && isAbove(file),
  );
  const whole = root === undefined ? (hasMembers ? folder : null) : path.posix.dirname(root);
  const own = folder === '.' ? '' : `${folder}/`;
  const files = candidates.filter((file) => {
    if (whole !== null && isBelow(file, whole)) return true;
    if (!isBelow(file, folder)) return isAbove(file);
    const name = file.slice(own.length);
    // Folders of the project itself.
    return !name.includes('/') || /^(\.yarn|patches|requirements|\.cargo)\//.test(name);
  });
  return files.sort(compare);
}

function stubsOf({ present }: Manager, folder: string, tree: FileTree): string[] {
  if (present === undefined) return [];
  return [...tree.blobs.keys()].filter((file) => isBelow(file, folder) && present.test(file)).sort(compare);
}

/** The file that has code of the repository run. */
async function runningCode(
  { runsCode }: Manager,
  files: readonly string[],
  tree: FileTree,
): Promise<string | null> {
  if (runsCode === undefined) return null;
  for (const file of files.filter((each) => runsCode.file.test(each))) {
    if (runsCode.sign.test(await tree.read(file))) return file;
  }
  return null;
}

/** A dependency that is a folder or an archive of the repository: `file:` and the like. */
const local = /"(file|link|portal):|:\s*"\.\.?\//;

async function reasonForAll(
  { reads, buildsProject }: Manager,
  files: readonly string[],
  tree: FileTree,
  allowScripts: boolean,
): Promise<string | null> {
  if (allowScripts && buildsProject !== undefined && String(buildsProject) === '/^/') {
    return 'it builds the project itself';
  }
  for (const file of files.filter((each) => /(^|\/)package\.json$/.test(each) && reads.test(each))) {
    const text = await tree.read(file);
    if (local.test(dependenciesIn(text))) return `${file} names a dependency by its place in the repository`;
    if (allowScripts && buildsProject?.test(text) === true) return `${file} has scripts that installing runs`;
  }
  return null;
}

/** The text of the tables of dependencies: other fields name files too. */
function dependenciesIn(text: string): string {
  return [...text.matchAll(/"\w*[dD]ependencies"\s*:\s*(?<table>\{[^}]*\})/g)]
    .map(({ groups }) => groups?.table ?? '')
    .join('\n');
}
