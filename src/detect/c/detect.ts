import { append } from '../../append.ts';
import type { Inventory } from '../../scan/types.ts';
import { managerNeed } from '../bazel/manager.ts';
import { evidence, presence } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { fileIn, join } from '../shared/tree.ts';
import { languageNeeds as sourceNeeds } from '../sources/detect.ts';
import type { Detect, DetectContext, FindingNeed, Need, PackageManagerNeed } from '../types.ts';
import { readAutotools } from './autotools.ts';
import { readCMake } from './cmake.ts';
import { cmakeCommandsOf } from './commands.ts';
import { compilerOf } from './compilers.ts';
import { type BuildFacts, emptyFacts } from './facts.ts';
import { cFrameworks } from './frameworks.ts';
import { projectLanguages } from './languages.ts';
import { readMakefile } from './makefile.ts';
import { readMeson } from './meson.ts';
import { languageNeeds, libraryNeeds, toolNeeds } from './needs.ts';
import { isOwned } from './owners.ts';
import { type NativePackages, packagesOf } from './packages.ts';
import { type Presets, readPresets } from './presets.ts';
import { readQmake } from './qmake.ts';
import { buildRoots, type Root } from './roots.ts';
import { sourcesAt, sourcesBelow } from './tree.ts';

/**
 * C and C++, and Fortran that their tools build: the outermost folders with a build description are projects;
 * without any, a `main.c` or `main.cpp` at the root. What other ecosystems compile for themselves is theirs.
 */
export const detectC: Detect = async (context) => {
  const roots = buildRoots(context);
  if (roots.length === 0) return lonelyProgram(context);
  const needs: Need[] = [];
  for (const root of roots) append(needs, await needsOf(context, root));
  return needs;
};

async function needsOf(context: DetectContext, root: Root): Promise<Need[]> {
  const { inventory, native } = context;
  const { folder } = root;
  const packages = await packagesOf(inventory, folder);
  const facts = await factsOf(inventory, root, packages);
  const own = languagesOf(inventory, folder, facts.languages);
  const spoken = projectLanguages(inventory, root, own, facts);
  if (spoken === null) return [];
  const { ids: languages, other } = spoken;
  const compiler = compilerOf(inventory, facts.compilers);
  const keys = facts.wanted.flatMap((each) => each.keys);
  const frameworks = cFrameworks.filter((each) => keys.some((key) => each.keys.test(key)));
  const style = ['.clang-format', '.clang-tidy']
    .map((name) => join(folder, name))
    .find((path) => hasPath(inventory, path));
  const manager =
    root.tool === 'bazel' ? managerNeed(inventory, folder, root.file) : packageManager(folder, packages);
  const compilers: Need[] = [
    {
      kind: 'compiler',
      project: folder,
      because: [...facts.because, ...compiler.because],
      ...(compiler.stdenvs.length > 0 ? { stdenvs: compiler.stdenvs } : {}),
      ...(languages.includes('c') && !facts.saysStandard ? { hasOldC: true } : {}),
      isOwnCode: true,
    },
  ];
  return [
    ...(spoken.hasCompiler ? compilers : []),
    ...(manager === null ? [] : [manager]),
    ...libraryNeeds(native.c, folder, facts, packages),
    ...toolNeeds(folder, [
      ...facts.tools,
      ...(packages?.tools ?? []),
      ...(style === undefined ? [] : [{ value: 'clang-tools', because: presence(style, 'c/clang-tools') }]),
    ]),
    ...languageNeeds(folder, { ...facts, languages: facts.languages ?? own }),
    ...(other === null ? [] : sourceNeeds(other, folder)),
    ...facts.variables.map(({ value, because }): Need => {
      return { kind: 'environment-variable', ...value, project: folder, because: [because] };
    }),
    {
      kind: 'project',
      path: folder,
      name: facts.name,
      languages,
      frameworks: frameworks.map(({ id }) => id),
      packageManager: manager?.id ?? null,
      commands: facts.commands,
      ports: frameworks.flatMap(({ port }) => port ?? []),
      because: facts.because,
    },
    ...facts.findings,
    ...(packages?.findings ?? []),
  ];
}

async function factsOf(
  inventory: Inventory,
  root: Root,
  packages: NativePackages | null,
): Promise<BuildFacts> {
  const { tool, file, folder } = root;
  if (tool === 'meson') return readMeson(inventory, file);
  if (tool === 'autotools') return readAutotools(inventory, file);
  if (tool === 'qmake') return readQmake(inventory, file);
  if (tool === 'make') return readMakefile(file);
  if (tool === 'bazel') {
    return {
      ...emptyFacts(evidence(file, 1, 'c/bazel')),
      saysStandard: true,
      commands: { build: 'bazel build //...', test: 'bazel test //...' },
    };
  }
  const reading = readCMake(inventory, file);
  const { facts } = reading;
  const described = fileIn(inventory, folder, 'CMakePresets.json');
  const presets = described === null ? null : await readPresets(described);
  const preset = packages?.hasCMakeLayout === true ? null : (presets?.chosen ?? null);
  const [because = evidence(file, 1, 'c/cmake')] = facts.because;
  facts.tools.unshift(
    ...['cmake', preset?.usesNinja ? 'ninja' : 'make'].map((value) => ({ value, because })),
  );
  // `cmake --preset NAME` is one command away, with the generator that the preset names.
  if (preset === null && presets?.usesNinja === true) facts.tools.push({ value: 'ninja', because });
  if (facts.fetches !== null) facts.tools.push({ value: 'git', because: facts.fetches });
  append(facts.compilers, preset?.compilers ?? []);
  facts.commands = cmakeCommandsOf(reading, preset, packages);
  if (described !== null && preset === null) append(facts.findings, undecided(described.path, presets));
  return facts;
}

function undecided(path: string, presets: Presets | null): FindingNeed[] {
  if (presets === null || presets.names.length < 2) return [];
  return [
    {
      kind: 'finding',
      code: 'cmake-presets',
      severity: 'info',
      message: `${path} has several presets, none of them called "default": the project is configured without one`,
      hint: `To use one: cmake --preset ${presets.names.slice(0, 5).join(' | ')}`,
      because: [presence(path, 'c/cmake-presets')],
    },
  ];
}

/**
 * What the build declares, as far as there are sources in it; the language with more sources first. Fortran is the
 * language of a project that has nothing else: beside C it is one more compiler.
 */
function languagesOf(inventory: Inventory, folder: string, declared: readonly string[] | null): string[] {
  const { c, cpp, fortran } = sourcesBelow(inventory, folder);
  if (c + cpp === 0 && fortran > 0 && declared?.includes('fortran') !== false) return ['fortran'];
  const present: string[] = [...(cpp > 0 ? ['cpp'] : []), ...(c > 0 ? ['c'] : [])];
  if (c > cpp) present.reverse();
  const own: string[] | null = declared?.filter((each) => each === 'c' || each === 'cpp') ?? null;
  if (own === null) return present;
  if (own.length === 0) return [];
  const both = present.filter((language) => own.includes(language));
  // Headers alone, or sources that are generated.
  return both.length > 0 ? both : own.includes('cpp') ? ['cpp'] : ['c'];
}

function packageManager(folder: string, packages: NativePackages | null): PackageManagerNeed | null {
  if (packages === null) return null;
  const { id, lockfile, because } = packages;
  return { kind: 'package-manager', id, project: folder, requests: [], lockfile, because };
}

/** Files of the root that say how its sources are built, also such as cannot be read here. */
const otherBuild =
  /^(CMakeLists\.txt|meson\.build|configure\.(ac|in)(\.in)?|Makefile\.am|SConstruct|wscript|BUILD(\.bazel)?|Jamroot|Jamfile|xmake\.lua|premake[45]\.lua|build\.ninja|[^/]+\.(qbs|sln|vcxproj|gyp|gn))$/;

/** Sources at the root that nothing describes. */
function lonelyProgram({ inventory }: DetectContext): Need[] {
  const main = ['main.c', 'main.cpp', 'main.cc', 'main.cxx'].find((name) => inventory.files.has(name));
  if (main === undefined || isOwned(inventory, '.', true)) return [];
  if (inventory.paths.some((path) => otherBuild.test(path))) return [];
  const isC = main.endsWith('.c');
  const count = sourcesAt(inventory, '.');
  if (isC && count.cpp > 0) return [];
  const sources = inventory.paths.filter((path) => !path.includes('/') && path.endsWith(main.slice(4)));
  const because = [presence(main, 'c/main-file')];
  const all = sources.length === 1 ? main : `*${main.slice(4)}`;
  return [
    { kind: 'compiler', project: '.', because, isOwnCode: true },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: [isC ? 'c' : 'cpp'],
      frameworks: [],
      packageManager: null,
      commands: { build: `${isC ? 'cc' : 'c++'} -o main ${all}`, start: './main' },
      ports: [],
      because,
    },
  ];
}
