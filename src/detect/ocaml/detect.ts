import { append } from '../../append.ts';
import { byKey } from '../../grouped.ts';
import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { outermost, ownerOf } from '../shared/folders.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';
import { atoms, boundOf, fields, parseSexps } from './dune.ts';
import { type OpamDependency, opamDependencies } from './opam.ts';
import { type DuneFile, programOf } from './programs.ts';

/** Frameworks by package; a port only where one is listened on without being told. */
const frameworks: readonly { id: string; port?: number }[] = [
  // https://aantron.github.io/dream/#val-run
  { id: 'dream', port: 8080 },
  // https://github.com/rgrinberg/opium#readme
  { id: 'opium', port: 3000 },
  { id: 'cohttp' },
  { id: 'eliom' },
  { id: 'ocsigenserver', port: 8080 },
];

interface Dependency extends OpamDependency {
  file: ClaimedFile;
}

interface OcamlProject {
  folder: string;
  /** dune-project, or the package's opam file. */
  file: ClaimedFile;
  isDune: boolean;
  dependencies: Dependency[];
  opamFiles: readonly ClaimedFile[];
  /** Those of its own folders. */
  duneFiles: readonly ClaimedFile[];
  /** What opam has locked beside it. */
  lock: ClaimedFile | null;
}

/** Dune's projects, the outermost of each, and opam's packages without dune: https://dune.readthedocs.io */
export const detectOcaml: Detect = async (context) => {
  const needs: Need[] = [];
  for (const project of projectsOf(context)) append(needs, await needsOf(context, project));
  return needs;
};

const elsewhere = /(^|\/)(_build|_opam|\.opam|vendor|duniverse|node_modules|esy\.lock|third[_-]party)(\/|$)/;

function projectsOf(context: DetectContext): OcamlProject[] {
  const isOwn = ({ path }: ClaimedFile) => !elsewhere.test(folderOf(path)) && !isSideFolder(folderOf(path));
  const dunes = filesNamed(context, ['dune-project']).filter(isOwn);
  const opams = [...context.inventory.files.values()].filter(
    (file) =>
      isOwn(file) &&
      (file.path.endsWith('.opam') || nameOf(file.path) === 'opam') &&
      /^[ \t]*(opam-version|depends)[ \t]*:/m.test(file.text ?? ''),
  );
  const heads = [
    ...dunes,
    ...opams.filter(({ path }) => folderOf(path) === '.' || nameOf(folderOf(path)) !== 'opam'),
  ];
  const outer = outermost(heads.map(({ path }) => folderOf(path)));
  const owners = new Set(outer);
  const ownerOfFile = ({ path }: ClaimedFile) => ownerOf(folderOf(path), owners) ?? '';
  const opamOf = byKey(opams, ownerOfFile);
  const duneFiles = filesNamed(context, ['dune']).filter(isOwn);
  const programsOf = byKey(duneFiles, ownerOfFile);
  const headOf = new Map<string, ClaimedFile>();
  const duneOf = new Map(dunes.map((file) => [folderOf(file.path), file]));
  for (const file of heads) if (!headOf.has(folderOf(file.path))) headOf.set(folderOf(file.path), file);
  const locked = new Map<string, ClaimedFile>();
  for (const file of context.inventory.files.values()) {
    const folder = folderOf(file.path);
    if (file.path.endsWith('.opam.locked') && !locked.has(folder)) locked.set(folder, file);
  }
  return outer.flatMap((folder) => {
    const dune = duneOf.get(folder);
    const opamFiles = opamOf.get(folder) ?? [];
    const file = dune ?? headOf.get(folder);
    if (file === undefined) return [];
    return {
      folder,
      file,
      isDune: dune !== undefined,
      dependencies: dependenciesOf(dune, opamFiles),
      opamFiles,
      duneFiles: programsOf.get(folder) ?? [],
      lock: locked.get(folder) ?? null,
    };
  });
}

/** Those of dune-project, from which dune makes opam files, and those of opam files. */
function dependenciesOf(dune: ClaimedFile | undefined, opamFiles: readonly ClaimedFile[]): Dependency[] {
  const found: Dependency[] = opamFiles.flatMap((file) =>
    opamDependencies(file.text ?? '').map((each) => ({ ...each, file })),
  );
  if (dune?.text == null) return found;
  for (const { rest } of fields(parseSexps(dune.text), 'package')) {
    for (const { rest: entries } of fields(rest, 'depends')) {
      for (const entry of entries) {
        if ('atom' in entry)
          found.push({ name: entry.atom, bound: '', isForTests: false, line: entry.line, file: dune });
        else {
          const [name, ...bounds] = entry.list;
          if (name === undefined || !('atom' in name)) continue;
          const bound = bounds.flatMap((each) => boundOf(each) ?? []).join(' & ');
          const isForTests = bounds.some((each) => JSON.stringify(each).includes(':with-test'));
          found.push({ name: name.atom, bound, isForTests, line: entry.line, file: dune });
        }
      }
    }
  }
  return found;
}

async function needsOf({ inventory, native }: DetectContext, project: OcamlProject): Promise<Need[]> {
  const { folder, file, isDune, dependencies, lock } = project;
  const because = [presence(file.path, isDune ? 'ocaml/dune-project' : 'ocaml/opam')];
  const duneLock = fileIn(inventory, folder, 'dune.lock/lock.dune');
  const names = new Set(dependencies.map(({ name }) => name));
  const found = frameworks.filter(({ id }) => names.has(id));
  const usesOpam = duneLock === null && [...names].some((name) => !/^(ocaml|dune|base-\w+)$/.test(name));
  const manager = usesOpam || !isDune ? 'opam' : 'dune';
  const seen = new Set<string>();
  const natives = dependencies.flatMap(({ name, line, file: from }): Need[] => {
    if (!native.opam.has(name) || seen.has(name)) return [];
    seen.add(name);
    return [
      {
        kind: 'dependency',
        ecosystem: 'opam',
        name,
        version: null,
        project: folder,
        because: [evidence(from, line, 'ocaml/dependency')],
      },
    ];
  });
  return [
    {
      kind: 'toolchain',
      id: 'ocaml',
      project: folder,
      requests: await requestsOf(inventory, project),
      because,
    },
    {
      kind: 'package-manager',
      id: manager,
      project: folder,
      requests: [],
      lockfile: (manager === 'opam' ? lock?.path : duneLock?.path) ?? null,
      because,
    },
    ...(isDune && manager !== 'dune'
      ? [{ kind: 'tool' as const, id: 'dune', project: folder, because }]
      : []),
    { kind: 'compiler', project: folder, because },
    // What opam calls to fetch and to build: https://opam.ocaml.org/doc/Install.html
    ...(manager === 'opam' ? ['make', 'git', 'rsync', 'unzip', 'm4'] : []).map(
      (id): Need => ({ kind: 'tool', id, project: folder, because }),
    ),
    ...natives,
    {
      kind: 'project',
      path: folder,
      name: nameOfProject(project),
      languages: ['ocaml'],
      frameworks: found.map(({ id }) => id),
      packageManager: manager,
      commands: commandsOf(project, manager, lock !== null),
      ports: found.flatMap(({ port }) => port ?? []),
      because,
    },
  ];
}

function nameOfProject({ file, isDune, opamFiles }: OcamlProject): string | null {
  const [name] = isDune ? atoms(fields(parseSexps(file.text ?? ''), 'name')[0]?.rest ?? []) : [];
  if (name !== undefined) return name;
  const [opam, ...others] = opamFiles.filter(({ path }) => path.endsWith('.opam'));
  return opam === undefined || others.length > 0 ? null : nameOf(opam.path).replace(/\.opam$/, '');
}

/**
 * opam installs into a switch beside the project, with the environment's compiler (`ocaml-system`):
 * https://opam.ocaml.org/doc/Usage.html#opam-switch
 */
function commandsOf(project: OcamlProject, manager: 'opam' | 'dune', isLocked: boolean): Partial<Commands> {
  const exec = manager === 'opam' ? 'opam exec -- ' : '';
  const { isDune } = project;
  const program = publicProgram(project);
  return {
    ...(manager === 'opam'
      ? {
          install: `opam init --bare --no-setup --disable-sandboxing --yes && (test -d _opam || opam switch create . ocaml-system --no-install --yes) && opam install . --deps-only --with-test --yes${isLocked ? ' --locked' : ''}`,
        }
      : {}),
    build: isDune ? `${exec}dune build` : 'opam install . --yes',
    ...(isDune ? { test: `${exec}dune runtest` } : {}),
    ...(isDune && program !== null ? { start: `${exec}dune exec ${program}` } : {}),
  };
}

/** The only program of the project, without examples and tests. */
function publicProgram({ folder, duneFiles }: OcamlProject): string | null {
  const files = duneFiles.flatMap(({ path, text }): DuneFile[] => {
    const at = folderOf(path);
    if (text === null) return [];
    const below = folder === '.' ? at : at.slice(folder.length + 1);
    return [{ folder: below === '.' ? '' : below, items: parseSexps(text) }];
  });
  return programOf(files);
}

/** A version manager's file, then the bounds of the packages, each of which has to hold. */
async function requestsOf(
  inventory: Inventory,
  { folder, dependencies }: OcamlProject,
): Promise<VersionRequest[]> {
  const shared = await versionFileRequests(inventory, folder, ['ocaml']);
  const bounds = new Map<string, VersionRequest>();
  for (const { name, bound, line, file } of dependencies) {
    if (!/^ocaml(-base-compiler|-system)?$/.test(name) || bound === '' || bounds.has(bound)) continue;
    bounds.set(bound, { raw: bound, scheme: 'opam', because: evidence(file, line, 'ocaml/bound') });
  }
  // The narrowest bound is most often the one with an upper end.
  const sorted = [...bounds.values()].sort((a, b) => Number(/</.test(b.raw)) - Number(/</.test(a.raw)));
  return [...shared, ...sorted.slice(0, 20)];
}
