/** CMake's build description, followed from a project's root: https://cmake.org/cmake/help/latest/manual/cmake-commands.7.html */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { CMakeVariables, type Truth, truthOf } from './cmake-conditions.ts';
import { findCommand } from './cmake-finds.ts';
import { type CMakeCommand, cmakeCommands } from './cmake-syntax.ts';
import { type BuildFacts, emptyFacts, isPlainWord } from './facts.ts';
import { isVendored } from './tree.ts';

export interface CMakeProgram {
  name: string;
  /** Folder of its build, from that of the whole: `.`, `src`. */
  folder: string;
}

/** What is being read. */
export interface CMakeReading {
  facts: BuildFacts;
  variables: CMakeVariables;
  programs: CMakeProgram[];
  hasTests: boolean;
  /** Folder of the programs, from the build's; null: beside their part of the build. */
  programFolder: string | null;
  /** Names of targets, in lower case. */
  targets: Set<string>;
  /** What targets are linked with, by bare name. */
  links: { name: string; file: ClaimedFile; line: number }[];
}

/** Where a command stands. */
export interface CMakePlace {
  file: ClaimedFile;
  line: number;
  /** Null: nobody knows whether it is run. */
  isRun: true | null;
  /** Third parties' part of the build. */
  isVendored: boolean;
}

/** More files than a build has: bounds what a repository can make this read. */
const maxFiles = 5000;

/** The same for all builds of a repository together, in commands: each may include what the others do. */
const maxCommands = 2_000_000;

const commandsRead = new WeakMap<Inventory, number>();

/** Reads the CMakeLists.txt of a folder and all that it takes in. */
export function readCMake(inventory: Inventory, root: ClaimedFile): CMakeReading {
  const project = folderOf(root.path);
  const reading: CMakeReading = {
    facts: emptyFacts(evidence(root, 1, 'c/cmake')),
    variables: new CMakeVariables(),
    programs: [],
    hasTests: false,
    programFolder: null,
    targets: new Set(),
    links: [],
  };
  const seen = new Set<ClaimedFile>();

  function read(file: ClaimedFile, folder: string, outer: true | null): void {
    if (seen.has(file) || seen.size >= maxFiles || file.text === null) return;
    seen.add(file);
    const vendored = isVendored(folder.slice(project === '.' ? 0 : project.length));
    const branches: Branch[] = [];
    for (const command of commandsOf(inventory, file)) {
      if (follow(branches, command, reading.variables, outer)) continue;
      const last = branches.at(-1);
      const isRun = last === undefined ? outer : and(last.outer, last.truth);
      if (isRun === false) continue;
      const place = { file, line: command.line, isRun, isVendored: vendored };
      const [first = ''] = command.args;
      const named = reading.variables.expand(first);
      if (command.name === 'add_subdirectory' && named !== null) {
        for (const each of named.split(';')) {
          const below = resolvePath(folder, each);
          const next = below === null ? null : fileIn(inventory, below, 'CMakeLists.txt');
          if (next !== null) read(next, folderOf(next.path), isRun);
        }
      } else if (command.name === 'include' && named !== null) {
        if (named === 'CTest') reading.hasTests ||= folder === project;
        const next = moduleFile(inventory, project, folder, named);
        if (next !== null) read(next, folder, isRun);
      } else {
        apply(reading, command, place, project, folder);
        // A module of the project's own says by which names it looks for the package.
        const finder = command.name === 'find_package' ? ownFinder(inventory, project, named ?? '') : null;
        if (finder !== null && isPlainWord(named ?? '')) read(finder, folder, null);
      }
    }
  }

  read(root, project, true);
  addLinks(reading);
  return reading;
}

const parsed = new WeakMap<ClaimedFile, CMakeCommand[]>();

/** Those of a file; none any more where too many have been read. */
function commandsOf(inventory: Inventory, file: ClaimedFile): CMakeCommand[] {
  const read = commandsRead.get(inventory) ?? 0;
  if (read > maxCommands) return [];
  const commands = parsed.get(file) ?? cmakeCommands(file.text ?? '');
  parsed.set(file, commands);
  // Looking into a file takes time, too.
  commandsRead.set(inventory, read + commands.length + 10);
  return commands;
}

interface Branch {
  /** Whether what is around all of it runs. */
  outer: Truth;
  truth: Truth;
  taken: Truth;
}

/** `if`, `elseif`, `else`, `endif`; bodies of functions and macros run only where they are called. */
function follow(
  branches: Branch[],
  { name, args }: CMakeCommand,
  variables: CMakeVariables,
  around: Truth,
): boolean {
  const last = branches.at(-1);
  const outer = last === undefined ? around : and(last.outer, last.truth);
  if (name === 'if') {
    const truth = truthOf(args, variables);
    branches.push({ outer, truth, taken: truth });
  } else if (name === 'foreach') {
    branches.push({ outer, truth: null, taken: null });
    loopVariable(args, variables);
  } else if (name === 'function' || name === 'macro' || name === 'while') {
    branches.push({ outer, truth: null, taken: null });
  } else if ((name === 'elseif' || name === 'else') && last !== undefined) {
    const own = name === 'else' ? true : truthOf(args, variables);
    last.truth = last.taken === true ? false : and(last.taken === null ? null : true, own);
    last.taken =
      last.taken === true || own === true ? true : last.taken === null || own === null ? null : false;
  } else if (/^end(if|function|macro|foreach|while)$/.test(name)) {
    branches.pop();
  } else return false;
  return true;
}

/** In a loop, its variable stands for all that it will be: https://cmake.org/cmake/help/latest/command/foreach.html */
function loopVariable([name = '', ...items]: readonly string[], variables: CMakeVariables): void {
  const words = items[0] === 'IN' ? items.slice(1) : items;
  if (words[0] === 'RANGE' || words[0] === 'ZIP_LISTS') return;
  const lists = words.indexOf('LISTS');
  const elements = words.flatMap((word, at) => {
    if (word === 'LISTS' || word === 'ITEMS') return [];
    return lists !== -1 && at > lists ? (variables.get(word) ?? []) : [word];
  });
  variables.set(name, joined(elements, variables));
}

function and(a: Truth, b: Truth): Truth {
  return a === false || b === false ? false : a === null || b === null ? null : true;
}

/** Where projects keep modules, as CMAKE_MODULE_PATH tells CMake. */
const moduleFolders = ['cmake', 'CMake', 'cmake/modules', 'cmake/Modules', 'cmake_modules', 'CMakeModules'];

/** https://cmake.org/cmake/help/latest/manual/cmake-developer.7.html#find-modules */
function ownFinder({ files }: Inventory, project: string, name: string): ClaimedFile | null {
  const found = moduleFolders
    .map((at) => files.get(join(project, `${at}/Find${name}.cmake`)))
    .find((file) => file?.text != null);
  return found ?? null;
}

/** `include(cmake/deps.cmake)`, or `include(deps)` from the folder of modules. */
function moduleFile(inventory: Inventory, project: string, folder: string, name: string): ClaimedFile | null {
  const source = name.replace(/^\/+/, '');
  const candidates = /\.cmake$/.test(name)
    ? [resolvePath(folder, source), resolvePath(project, source)]
    : moduleFolders.map((at) => resolvePath(project, `${at}/${name}.cmake`));
  for (const path of candidates) {
    const file = path === null ? undefined : inventory.files.get(path);
    if (file?.text != null && !/^Find\w+\.cmake$/.test(nameOf(file.path))) return file;
  }
  return null;
}

const languageIds: Readonly<Record<string, string>> = {
  C: 'c',
  CXX: 'cpp',
  CUDA: 'cuda',
  HIP: 'hip',
  Fortran: 'fortran',
  OBJC: 'objc',
  OBJCXX: 'objc',
  ASM: 'asm',
  ASM_NASM: 'nasm',
  Swift: 'swift',
  CSharp: 'dotnet',
};

function apply(
  reading: CMakeReading,
  command: CMakeCommand,
  place: CMakePlace,
  project: string,
  folder: string,
): void {
  const { facts, variables } = reading;
  const { name, args } = command;
  const [first = '', second = ''] = args;
  if (name === 'cmake_minimum_required' || name === 'cmake_policy') minimum(reading, args, place);
  if (findCommand(reading, command, place) || place.isVendored) return;
  if (name === 'project') {
    const title = variables.expand(first);
    if (folder === project && facts.name === null && title !== null && /^[\w.+ -]{1,100}$/.test(title)) {
      facts.name = title;
      for (const key of ['PROJECT_NAME', 'CMAKE_PROJECT_NAME']) variables.set(key, title);
      facts.because = [evidence(place.file, place.line, 'c/cmake')];
    }
    const languages = languagesOf(args.slice(1));
    if (folder === project || facts.languages !== null) {
      facts.languages = [...new Set([...(facts.languages ?? []), ...languages])];
    }
  } else if (name === 'enable_language') {
    facts.languages = [...new Set([...(facts.languages ?? []), ...languagesOf(['LANGUAGES', ...args])])];
  } else if (name === 'option') {
    const value = args[2] ?? 'OFF';
    if (variables.get(first) === null)
      variables.set(first, place.isRun === true ? variables.expand(value) : null);
  } else if (name === 'set') assign(reading, args, place, project);
  else if (name === 'list' && first === 'APPEND') append(variables, args, place.isRun);
  else if (name === 'enable_testing') reading.hasTests ||= folder === project && place.isRun === true;
  else if (name === 'add_executable') {
    const target = variables.expand(first);
    if (target === null || ['ALIAS', 'IMPORTED'].includes(second)) return;
    reading.targets.add(target.toLowerCase());
    const below = folder === project ? '.' : folder.slice(project === '.' ? 0 : project.length + 1);
    if (!isSideFolder(below) && place.isRun === true) reading.programs.push({ name: target, folder: below });
  } else if (name === 'add_library') {
    const target = variables.expand(first);
    if (target !== null) reading.targets.add(target.toLowerCase());
  } else if (name === 'target_link_libraries') {
    for (const each of args.slice(1, 200)) {
      for (const word of variables.expand(each)?.split(';') ?? []) {
        const library = word.replace(/^-l/, '');
        if (/^[\w+.-]+$/.test(library) && !linkKeyword.test(library))
          reading.links.push({ name: library, file: place.file, line: place.line });
      }
    }
  }
  if (!facts.saysStandard) facts.saysStandard = saysStandard(command);
}

/** https://cmake.org/cmake/help/latest/command/target_link_libraries.html */
const linkKeyword =
  /^(PRIVATE|PUBLIC|INTERFACE|LINK_PRIVATE|LINK_PUBLIC|LINK_INTERFACE_LIBRARIES|debug|optimized|general)$/;

/** Without any, both are: https://cmake.org/cmake/help/latest/command/project.html */
function languagesOf(args: readonly string[]): string[] {
  const keywords = /^(VERSION|DESCRIPTION|HOMEPAGE_URL|COMPAT_VERSION|SPDX_LICENSE)$/;
  const at = args.indexOf('LANGUAGES');
  const words = at === -1 ? (keywords.test(args[0] ?? '') ? [] : args) : args.slice(at + 1);
  const end = words.findIndex((word) => keywords.test(word));
  const named = (end === -1 ? words : words.slice(0, end)).flatMap((word) => languageIds[word] ?? []);
  return named.length > 0 || words.includes('NONE') ? named : ['c', 'cpp'];
}

/** CMake 4 no longer reads what is meant for releases before 3.5. */
function minimum({ facts }: CMakeReading, args: readonly string[], { file, line, isRun }: CMakePlace): void {
  const { from, to } =
    /^(?<from>\d+\.\d+)[\d.]*?(?:\.\.\.(?<to>\d+\.\d+)[\d.]*)?$/.exec(args[1] ?? '')?.groups ?? {};
  const newest = to ?? from;
  if (args[0] !== 'VERSION' || newest === undefined || isRun === null) return;
  const [major = 0, minor = 0] = newest.split('.').map(Number);
  if (major > 3 || (major === 3 && minor >= 5)) return;
  if (facts.variables.some(({ value }) => value.name === 'CMAKE_POLICY_VERSION_MINIMUM')) return;
  facts.variables.push({
    value: { name: 'CMAKE_POLICY_VERSION_MINIMUM', value: '3.5' },
    because: evidence(file, line, 'c/cmake-minimum'),
  });
}

function assign(reading: CMakeReading, args: readonly string[], place: CMakePlace, project: string): void {
  const { facts, variables } = reading;
  const [name = '', ...rest] = args;
  const end = rest.findIndex((word) => word === 'CACHE' || word === 'PARENT_SCOPE');
  const values = end === -1 ? rest : rest.slice(0, end);
  const value = joined(values, variables);
  variables.set(name, place.isRun === true ? value : null);
  // One that an option of the build switches on is nobody's yet.
  if (/^CMAKE_(C|CXX)_COMPILER$/.test(name) && value !== null && place.isRun === true) {
    facts.compilers.push({ value, because: evidence(place.file, place.line, 'c/cmake-compiler') });
  }
  if (name === 'CMAKE_RUNTIME_OUTPUT_DIRECTORY' || name === 'EXECUTABLE_OUTPUT_PATH') {
    const { below } =
      /^\$\{(?:CMAKE|PROJECT|CMAKE_CURRENT)_BINARY_DIR\}\/?(?<below>[\w./-]*)$/.exec(values[0] ?? '')
        ?.groups ?? {};
    const inSource = /^\$\{(?:CMAKE|PROJECT)_SOURCE_DIR\}\/(?<below>[\w./-]+)$/.exec(values[0] ?? '')?.groups
      ?.below;
    if (below !== undefined) reading.programFolder = below === '' ? 'build' : join('build', below);
    else if (inSource !== undefined && project === folderOf(place.file.path))
      reading.programFolder = inSource;
  }
}

/** A list's elements as one text; null where one of them is unknown. Without any, nothing is said of the variable. */
function joined(values: readonly string[], variables: CMakeVariables): string | null {
  const expanded = values.slice(0, 500).map((each) => variables.expand(each));
  return values.length === 0 || expanded.includes(null) ? null : expanded.join(';');
}

/** `list(APPEND NAME element...)`: https://cmake.org/cmake/help/latest/command/list.html */
function append(
  variables: CMakeVariables,
  [, name = '', ...values]: readonly string[],
  isRun: true | null,
): void {
  const before = variables.get(name);
  const added = joined(values, variables);
  if (added === null || isRun === null) return;
  variables.set(name, before === null || before === '' ? added : `${before};${added}`);
}

/** The standard of C: of C++, compilers still take an older one for granted than most sources need. */
function saysStandard({ name, args }: CMakeCommand): boolean {
  if (name === 'set') {
    const [variable = ''] = args;
    return (
      variable === 'CMAKE_C_STANDARD' ||
      (/^CMAKE_C_FLAGS/.test(variable) && args.some((each) => /-std=/.test(each)))
    );
  }
  if (
    /^(target_compile_features|set_property|set_target_properties|target_compile_options|add_compile_options|add_definitions)$/.test(
      name,
    )
  ) {
    return args.some((each) => /^C_STANDARD$|^c_std_\d+$|-std=(c|gnu)\d/.test(each));
  }
  return false;
}

/** Bare names that no target of the build has, and that the linker therefore looks for. */
function addLinks({ facts, links, targets }: CMakeReading): void {
  if (facts.fetches !== null) return;
  for (const { name, file, line } of links) {
    if (targets.has(name.toLowerCase())) continue;
    facts.wanted.push({
      keys: [`library:${name}`],
      isRequired: false,
      because: evidence(file, line, 'c/cmake-link'),
    });
  }
}
