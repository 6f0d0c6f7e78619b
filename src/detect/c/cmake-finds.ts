/** Commands of CMake that look for what is not of the project. */
import { evidence } from '../evidence.ts';
import type { CMakePlace, CMakeReading } from './cmake.ts';
import type { CMakeVariables } from './cmake-conditions.ts';
import type { CMakeCommand } from './cmake-syntax.ts';
import { lookForProgram } from './programs.ts';

/** @returns whether the command was one of them */
export function findCommand(reading: CMakeReading, command: CMakeCommand, place: CMakePlace): boolean {
  const { name } = command;
  if (name === 'find_package') findPackage(reading, command, place);
  else if (name === 'pkg_check_modules' || name === 'pkg_search_module') pkgConfig(reading, command, place);
  else if (name === 'find_library') findLibrary(reading, command, place);
  else if (name === 'find_program') findProgram(reading, command, place);
  else if (name === 'vala_precompile') {
    const because = evidence(place.file, place.line, 'c/cmake-vala');
    reading.facts.tools.push({ value: 'vala', because });
    reading.facts.languages = [...new Set([...(reading.facts.languages ?? []), 'vala'])];
  } else if (/^(fetchcontent_declare|cpmaddpackage|cpmfindpackage|cpm)$/.test(name)) {
    const isLocal = command.args.some((each) => /^(SOURCE_DIR|NAME)$/.test(each)) && !/cpm/.test(name);
    if (place.isRun === true && !isLocal) {
      reading.facts.fetches ??= evidence(place.file, place.line, 'c/cmake-fetch');
    }
    const target = reading.variables.expand(command.args[0] ?? '');
    if (target !== null) reading.targets.add(target.toLowerCase());
  } else return false;
  return true;
}

const packageOptions =
  /^(EXACT|QUIET|MODULE|CONFIG|NO_MODULE|REQUIRED|COMPONENTS|OPTIONAL_COMPONENTS|GLOBAL|NAMES|CONFIGS|HINTS|PATHS|REGISTRY_VIEW|PATH_SUFFIXES|NO_\w+|CMAKE_FIND_ROOT_PATH_BOTH|ONLY_CMAKE_FIND_ROOT_PATH|UNWIND_INCLUDE|BYPASS_PROVIDER)$/;

/** https://cmake.org/cmake/help/latest/command/find_package.html */
function findPackage(reading: CMakeReading, { args }: CMakeCommand, place: CMakePlace): void {
  // In a loop, all that its variable stands for.
  const names = reading.variables.expand(args[0] ?? '')?.split(';') ?? [];
  for (const name of names.slice(0, 100)) findOne(reading, name, args, place);
}

function findOne(
  { facts, variables, targets }: CMakeReading,
  name: string,
  args: readonly string[],
  place: CMakePlace,
): void {
  const isRequired = args.includes('REQUIRED') && place.isRun === true && !place.isVendored;
  const because = evidence(place.file, place.line, 'c/cmake-package');
  if (name === '') return;
  if (targets.has(name.toLowerCase())) return;
  if (name === 'ECM') chooseQt(variables, args[1] ?? '');
  const words = (keywords: readonly string[]) =>
    after(args, keywords).flatMap((each) => variables.expand(each)?.split(';') ?? []);
  const alternatives = words(['NAMES']);
  const [chosen = name] = alternatives;
  const major = /^Qt(?<major>\d)$/.exec(chosen)?.groups?.major;
  if (major !== undefined && name === 'QT') variables.set('QT_VERSION_MAJOR', major);
  const components = words(['COMPONENTS', 'REQUIRED', 'OPTIONAL_COMPONENTS']);
  facts.wanted.push({ keys: [chosen, ...alternatives].map((each) => `cmake:${each}`), isRequired, because });
  const optional = new Set(words(['OPTIONAL_COMPONENTS']));
  for (const component of components.slice(0, 100)) {
    facts.wanted.push({
      keys: [`cmake:${chosen}${component}`],
      isRequired: isRequired && ofKDE.test(chosen) && !optional.has(component),
      because,
    });
  }
}

/** Packages whose components are packages themselves. */
const ofKDE = /^KF[56]$/;

/**
 * Extra CMake Modules build for Qt 6 where they are asked for in a version of the time of KDE Frameworks 6:
 * https://api.kde.org/ecm/module/QtVersionOption.html
 */
function chooseQt(variables: CMakeVariables, asked: string): void {
  const [major = 0, minor = 0] = (variables.expand(asked) ?? '').split('.').map(Number);
  const isNew = major > 5 || (major === 5 && minor >= 240);
  const version = isNew ? '6' : '5';
  for (const name of ['QT_MAJOR_VERSION', 'KF_MAJOR_VERSION']) {
    if (variables.get(name) === null) variables.set(name, version);
  }
}

/** Words after one of the keywords, up to the next. */
function after(args: readonly string[], keywords: readonly string[]): string[] {
  let isWanted = false;
  return args.filter((word) => {
    if (packageOptions.test(word)) {
      isWanted = keywords.includes(word);
      return false;
    }
    return isWanted;
  });
}

/** https://cmake.org/cmake/help/latest/module/FindPkgConfig.html */
function pkgConfig(
  { facts, variables }: CMakeReading,
  { name, args }: CMakeCommand,
  place: CMakePlace,
): void {
  const because = evidence(place.file, place.line, 'c/cmake-pkg-config');
  const isRequired = args.includes('REQUIRED') && place.isRun === true && !place.isVendored;
  const modules = args
    .slice(1)
    .filter(
      (each) =>
        !/^(REQUIRED|QUIET|NO_CMAKE_PATH|NO_CMAKE_ENVIRONMENT_PATH|IMPORTED_TARGET|GLOBAL|STATIC_TARGET)$/.test(
          each,
        ),
    )
    .flatMap((each) => variables.expand(each)?.split(';') ?? [])
    .flatMap((each) => /^[A-Za-z][\w+.-]*/.exec(each.trim())?.[0] ?? [])
    .map((each) => `pkg-config:${each}`);
  facts.tools.push({ value: 'pkg-config', because });
  if (name === 'pkg_search_module') facts.wanted.push({ keys: modules, isRequired, because });
  else for (const key of modules) facts.wanted.push({ keys: [key], isRequired, because });
}

/** https://cmake.org/cmake/help/latest/command/find_program.html */
function findProgram({ facts, variables }: CMakeReading, { args }: CMakeCommand, place: CMakePlace): void {
  const isCertain = args.includes('REQUIRED') && place.isRun === true;
  const names = args.slice(1, 20).flatMap((each) => variables.expand(each)?.split(';') ?? []);
  if (place.isVendored) return;
  lookForProgram(facts, names, isCertain, evidence(place.file, place.line, 'c/cmake-program'));
}

/** https://cmake.org/cmake/help/latest/command/find_library.html */
function findLibrary({ facts, variables }: CMakeReading, { args }: CMakeCommand, place: CMakePlace): void {
  const words = args.slice(1);
  const end = words.findIndex((word, at) => at > 0 && /^[A-Z_]{4,}$/.test(word) && word !== 'NAMES');
  const names = (end === -1 ? words : words.slice(0, end))
    .filter((word) => word !== 'NAMES')
    .flatMap((word) => variables.expand(word)?.split(';') ?? [])
    .map((word) => `library:${word.replace(/^lib(?=.+\.(so|a)$)|\.(so|a)$/g, '')}`);
  if (names.length === 0) return;
  const isRequired = args.includes('REQUIRED') && place.isRun === true && !place.isVendored;
  const because = evidence(place.file, place.line, 'c/cmake-library');
  facts.wanted.push({ keys: names.slice(0, 20), isRequired, because });
}
