import { append } from '../../append.ts';
import { byKey } from '../../grouped.ts';
import { stringAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { outermost } from '../shared/folders.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { pathsBelow } from '../shared/paths.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';
import { type NimblePackage, parseNimble } from './nimble.ts';

/** Frameworks by package; a port only where one is listened on without being told. */
const frameworks: readonly { id: string; port?: number }[] = [
  // https://github.com/dom96/jester#readme
  { id: 'jester', port: 5000 },
  // https://planety.github.io/prologue/
  { id: 'prologue', port: 8080 },
  { id: 'mummy' },
  { id: 'karax' },
  { id: 'happyx', port: 5000 },
];

/** Nimble's packages, the outermost of each: https://nim-lang.github.io/nimble/ */
export const detectNim: Detect = async (context) => {
  const files = [...context.inventory.files.values()].filter(
    ({ path }) =>
      path.endsWith('.nimble') && !/(^|\/)(nimbledeps|deps|vendor|node_modules|\.nimble)\//.test(path),
  );
  const main = files.filter(({ path }) => !isSideFolder(folderOf(path)));
  const byFolder = byKey(main, ({ path }) => folderOf(path));
  const needs: Need[] = [];
  for (const folder of outermost(byFolder.keys())) {
    const [file] = byFolder.get(folder) ?? [];
    if (file?.text != null) append(needs, await needsOf(context, file, parseNimble(file.text)));
  }
  return needs;
};

async function needsOf(
  { inventory }: DetectContext,
  file: ClaimedFile,
  described: NimblePackage,
): Promise<Need[]> {
  const project = folderOf(file.path);
  const because = [presence(file.path, 'nim/nimble')];
  const lock = fileIn(inventory, project, 'nimble.lock');
  const names = new Set(described.requires.map(({ name }) => name.toLowerCase()));
  const found = frameworks.filter(({ id }) => names.has(id));
  return [
    {
      kind: 'toolchain',
      id: 'nim',
      project,
      requests: await requestsOf(inventory, file, described, lock),
      because,
    },
    {
      kind: 'package-manager',
      id: 'nimble',
      project,
      requests: [],
      lockfile: lock?.path ?? null,
      because: lock === null ? because : [...because, presence(lock.path, 'nim/nimble-lock')],
    },
    // Nim compiles to C.
    { kind: 'compiler', project, because },
    // Nimble clones packages.
    { kind: 'tool', id: 'git', project, because },
    {
      kind: 'project',
      path: project,
      name: nameOf(file.path).replace(/\.nimble$/, ''),
      languages: ['nim'],
      frameworks: found.map(({ id }) => id),
      packageManager: 'nimble',
      commands: commandsOf(inventory, project, described, lock !== null),
      ports: found.flatMap(({ port }) => port ?? []),
      because,
    },
  ];
}

function commandsOf(inventory: Inventory, project: string, described: NimblePackage, isLocked: boolean) {
  const programs = described.programs.filter((name) => /^[\w.][\w./-]*$/.test(name));
  const [program, ...others] = programs;
  const folder = /^[\w.][\w./-]*$/.test(described.programFolder) ? described.programFolder : '.';
  // `nimble test` runs tests/t*.nim where the package has no task of that name.
  const hasTests =
    described.tasks.includes('test') ||
    pathsBelow(inventory, join(project, 'tests')).some(
      (path) => path.startsWith(join(project, 'tests/t')) && path.endsWith('.nim'),
    );
  return {
    install: isLocked ? 'nimble setup -y' : 'nimble install -y --depsOnly',
    ...(program === undefined ? {} : { build: 'nimble build -y' }),
    ...(hasTests ? { test: 'nimble test -y' } : {}),
    ...(program !== undefined && others.length === 0
      ? { start: `./${folder === '.' ? program : join(folder, program)}`, dev: 'nimble run -y' }
      : {}),
  };
}

/** A lock file may fix the compiler; then version managers, then what the package requires of it. */
async function requestsOf(
  inventory: Inventory,
  file: ClaimedFile,
  { requires }: NimblePackage,
  lock: ClaimedFile | null,
): Promise<VersionRequest[]> {
  const requests: VersionRequest[] = [];
  const locked = lock === null ? null : await parseJsonFile(lock);
  const version = stringAt(locked?.value, ['packages', 'nim', 'version']);
  if (lock !== null && locked !== null && version !== null && /^\d/.test(version)) {
    const because = evidence(lock, locked.line(['packages', 'nim', 'version']), 'nim/nimble-lock');
    requests.push({ raw: version, scheme: 'prefix', because });
  }
  append(requests, await versionFileRequests(inventory, folderOf(file.path), ['nim']));
  for (const { name, constraint, line } of requires) {
    if (name.toLowerCase() !== 'nim' || constraint === '') continue;
    requests.push({ raw: constraint, scheme: 'nimble', because: evidence(file, line, 'nim/requires') });
  }
  return requests;
}
