/** From what a build says to needs. */
import type { DependencyNeed, FindingNeed, Need } from '../types.ts';
import type { BuildFacts, Wanted } from './facts.ts';
import type { NativePackages } from './packages.ts';

/** Modules of CMake for which the compiler, or CMake itself, is enough. */
const built =
  /^(cmake:(Threads|OpenMP|PkgConfig|CTest|Backtrace|Iconv|UnixCommands|HDoc|KF[56]|QT|CPack|FetchContent|GNUInstallDirs|Intl)|library:(m|pthread|dl|rt|util|c|stdc\+\+|gomp|gcc|gcc_s|nsl|resolv|iconv|atomic|anl|crypto_none))$/;

/** What conan and vcpkg leave to the system. */
const ofTheSystem = /^cmake:(OpenGL|X11|ALSA|Wayland|Doxygen|Git|Perl|Python3?|BISON|FLEX|SWIG|Java|JNI)$/;

/** Libraries that the catalogue knows; a finding for each that is needed and unknown. */
export function libraryNeeds(
  known: ReadonlySet<string>,
  project: string,
  { wanted, fetches }: BuildFacts,
  packages: NativePackages | null,
): Need[] {
  const dependencies = new Map<string, DependencyNeed>();
  const unknown = new Map<string, Wanted>();
  const served =
    packages === null
      ? wanted
      : wanted.filter(
          ({ keys }) => !/^cmake:/.test(keys[0] ?? '') || keys.some((key) => ofTheSystem.test(key)),
        );
  for (const each of withOneQt([...served, ...(packages?.wanted ?? [])])) {
    const { keys, isRequired, because } = each;
    if (keys.some((key) => built.test(key))) continue;
    const name = keys.flatMap(alike).find((key) => known.has(key));
    if (name === undefined) {
      if (isRequired && keys[0] !== undefined && fetches === null) unknown.set(keys[0], each);
      continue;
    }
    const before = dependencies.get(name);
    if (before !== undefined) {
      if (before.because.length < 3) before.because.push(because);
      if (isRequired) before.isRequired = true;
      continue;
    }
    dependencies.set(name, {
      kind: 'dependency',
      ecosystem: 'c',
      name,
      version: null,
      project,
      ...(isRequired ? { isRequired } : {}),
      because: [because],
    });
  }
  return [...dependencies.values(), ...[...unknown].map(([key, each]) => unknownLibrary(key, each))];
}

/** A name, and the one under which the catalogue has modules of Qt, which are called alike in all kinds of builds. */
function alike(key: string): string[] {
  const module = /^(?:pkg-config|library|meson):(?<name>Qt[56][A-Z0-9]\w*)$/.exec(key)?.groups?.name;
  return module === undefined ? [key] : [key, `cmake:${module}`];
}

const qtKey = /^(?:cmake|meson|pkg-config|library):(?:Qt|qt|KF)(?<major>[56])/;

/**
 * Builds for several majors of Qt take the first that they find, and nixpkgs refuses an environment with two: the one
 * that is certainly needed, else that which is asked for first.
 */
function withOneQt(wanted: readonly Wanted[]): readonly Wanted[] {
  const majorOf = (each: Wanted | undefined) => qtKey.exec(each?.keys[0] ?? '')?.groups?.major;
  const ofQt = wanted.filter((each) => majorOf(each) !== undefined);
  const chosen = majorOf(ofQt.find(({ isRequired }) => isRequired) ?? ofQt[0]);
  return wanted.filter((each) => [undefined, chosen].includes(majorOf(each)));
}

function unknownLibrary(key: string, { because }: Wanted): FindingNeed {
  const name = key.slice(key.indexOf(':') + 1).slice(0, 100);
  const place = because.line === null ? because.file : `${because.file}:${because.line}`;
  return {
    kind: 'finding',
    code: 'library-unknown',
    severity: 'warning',
    message: `${place} needs ${name}, and nidify does not know which package has it`,
    hint: 'Name the package with "libraries": { "add": [...] } in nidify.jsonc.',
    because: [because],
  };
}

/** Programs that the build calls, each once. */
export function toolNeeds(project: string, said: BuildFacts['tools']): Need[] {
  const needs = new Map<string, Need>();
  for (const { value, because } of said) {
    if (!needs.has(value)) needs.set(value, { kind: 'tool', id: value, project, because: [because] });
  }
  return [...needs.values()];
}

/** Compilers by language, as ids of the catalogue. */
const compilers: Readonly<Record<string, string>> = {
  d: 'ldc',
  fortran: 'gfortran',
  nasm: 'nasm',
  vala: 'vala',
};

/** Compilers beside that for C and C++: ids of the catalogue, or a finding where it is not for a shell to give. */
export function languageNeeds(project: string, { languages, because }: BuildFacts): Need[] {
  return (languages ?? []).flatMap((language): Need[] => {
    const compiler = compilers[language];
    if (compiler !== undefined) return [{ kind: 'tool', id: compiler, project, because }];
    if (language !== 'cuda' && language !== 'hip') return [];
    return [
      {
        kind: 'finding',
        code: 'compiler-missing',
        severity: 'warning',
        message: `${because[0]?.file ?? project} builds ${language.toUpperCase()} sources, whose compiler nidify does not give`,
        hint: 'Name its package with "packages": { "add": [...] } in nidify.jsonc.',
        because,
      },
    ];
  });
}
