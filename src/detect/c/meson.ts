/** Meson's build description, followed from a project's root: https://mesonbuild.com/Reference-manual.html */
import { append } from '../../append.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, isSideFolder, join } from '../shared/tree.ts';
import { type Call, callsOf, positional } from './calls.ts';
import { type BuildFacts, emptyFacts, isPlainWord } from './facts.ts';
import { MesonVariables } from './meson-variables.ts';
import { lookForProgram } from './programs.ts';

const maxFiles = 2000;

const languageIds: Readonly<Record<string, string>> = {
  c: 'c',
  cpp: 'cpp',
  cuda: 'cuda',
  fortran: 'fortran',
  objc: 'objc',
  objcpp: 'objc',
  rust: 'rust',
  vala: 'vala',
  cython: 'cython',
  nasm: 'nasm',
  d: 'd',
  cs: 'dotnet',
  java: 'java',
  swift: 'swift',
};

/** What is known while a project is read. */
interface MesonReading {
  facts: BuildFacts;
  inventory: Inventory;
  /** The project's folder. */
  project: string;
  variables: MesonVariables;
}

/** Reads the meson.build of a folder and of those that it takes in. */
export function readMeson(inventory: Inventory, root: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(root, 1, 'c/meson'));
  const project = folderOf(root.path);
  const reading: MesonReading = { facts, inventory, project, variables: new MesonVariables() };
  const seen = new Set<ClaimedFile>();
  const programs: { name: string; path: string; isCertain: boolean }[] = [];
  let hasTests = false;

  function read(file: ClaimedFile, folder: string, isCertain: boolean): void {
    if (seen.has(file) || seen.size >= maxFiles || file.text === null) return;
    seen.add(file);
    reading.variables.read(file.text);
    for (const call of callsOf(file.text)) {
      const [first = ''] = positional(call);
      const isRun = isCertain && call.depth === 0;
      if (call.name === 'project' && folder === project) projectOf(facts, file, call);
      else if (call.name === 'subdir') {
        // A loop takes in each of a list of folders.
        for (const named of first === '' ? namesOf(reading, call) : [first]) {
          const below = resolvePath(folder, named);
          const next = below === null ? null : fileIn(inventory, below, 'meson.build');
          if (next !== null) read(next, folderOf(next.path), isRun);
        }
      } else if (call.name === 'test') hasTests = true;
      else if (call.name === 'executable') {
        const below = folder === project ? '.' : folder.slice(project === '.' ? 0 : project.length + 1);
        const [name = ''] = namesOf(reading, call);
        if (isSideFolder(below) || /(^|[-_])tests?([-_]|$)/.test(name)) continue;
        programs.push({ name, path: join(below, name), isCertain: isRun });
      } else look(reading, file, call, isRun && !isSideFolder(folder));
    }
  }

  read(root, project, true);
  // The only program, or the one that has the project's name.
  const [only, ...others] = programs;
  const program = others.length === 0 ? only : programs.find(({ name }) => name === facts.name);
  const isStarted = program?.isCertain === true && program.name !== '' && isPlainWord(program.path);
  facts.commands = {
    ...(facts.fetches === null ? {} : { install: 'meson setup build' }),
    build: `${facts.fetches === null ? 'meson setup build && ' : ''}meson compile -C build`,
    ...(hasTests ? { test: 'meson test -C build' } : {}),
    ...(isStarted ? { start: `./build/${program.path}` } : {}),
  };
  // What a project is made of may be found by its own name in its tests and examples.
  facts.tools = facts.tools.filter(({ value }) => value !== facts.name);
  const because = evidence(root, 1, 'c/meson');
  facts.tools.unshift(...['meson', 'ninja'].map((value) => ({ value, because })));
  return facts;
}

function projectOf(facts: BuildFacts, file: ClaimedFile, call: Call): void {
  const [name = '', ...languages] = positional(call);
  facts.because = [evidence(file, call.line, 'c/meson')];
  if (/^[\w.+ -]{1,100}$/.test(name)) facts.name = name;
  facts.languages = languages.flatMap((each) => languageIds[each] ?? []);
  facts.saysStandard = call.texts.some(({ text, key }) => key === 'default_options' && /^c_std=/.test(text));
}

/** The first argument of a call: a text, what a variable holds, or the project's own name. */
function namesOf({ facts, variables }: MesonReading, { first }: Call): readonly string[] {
  if (first === null) return [];
  if (first.kind === 'text') return [first.value];
  if (first.kind === 'word') return variables.get(first.value);
  return first.value === 'meson.project_name' && facts.name !== null ? [facts.name] : [];
}

/** Dependencies that the compiler or Meson itself brings: https://mesonbuild.com/Dependencies.html */
const built = new Set(['threads', 'dl', 'openmp', 'appleframeworks', 'coarray', 'iconv', 'm', 'atomic']);

/** What functions of Meson's modules call: https://mesonbuild.com/Gnome-module.html, https://mesonbuild.com/i18n-module.html */
const moduleTools: Readonly<Record<string, readonly string[]>> = {
  generate_gir: ['gobject-introspection'],
  generate_vapi: ['vala'],
  compile_resources: ['glib'],
  compile_schemas: ['glib'],
  gdbus_codegen: ['glib'],
  genmarshal: ['glib'],
  mkenums: ['glib'],
  mkenums_simple: ['glib'],
  yelp: ['itstool', 'gettext'],
};

function look(reading: MesonReading, file: ClaimedFile, call: Call, isRun: boolean): void {
  const { facts, inventory, project } = reading;
  const because = evidence(file, call.line, 'c/meson-dependency');
  const required = call.words.find(({ key }) => key === 'required')?.word;
  const isRequired = isRun && (required === undefined || required === 'true');
  if (call.name === 'dependency') {
    const ofVariable = call.first?.kind === 'word' ? namesOf(reading, call).map((each) => [each]) : [];
    const alternatives = positional(call);
    for (const names of [...(alternatives.length > 0 ? [alternatives] : []), ...ofVariable]) {
      dependency(reading, call, names, isRequired, because);
    }
  } else if (call.name.endsWith('.find_library')) {
    const [name = ''] = positional(call);
    if (name === '' || built.has(name)) return;
    facts.wanted.push({ keys: [`library:${name}`], isRequired, because });
  } else if (call.name === 'find_program') {
    lookForProgram(facts, [...positional(call), ...namesOf(reading, call)], isRequired, because);
  } else if (call.name === 'subproject' && isRun) {
    const [name = ''] = positional(call);
    if (hasPath(inventory, join(project, `subprojects/${name}.wrap`))) facts.fetches ??= because;
  } else if (call.name === 'add_languages') {
    const named = positional(call).flatMap((each) => languageIds[each] ?? []);
    facts.languages = [...new Set([...(facts.languages ?? []), ...named])];
  } else if (call.name === 'import') {
    const [module = ''] = positional(call);
    if (module === 'i18n') facts.tools.push({ value: 'gettext', because });
    if (/^python3?$/.test(module)) facts.tools.push({ value: 'python3', because });
  } else {
    const tools = moduleTools[/^\w+\.(?<name>\w+)$/.exec(call.name)?.groups?.name ?? ''] ?? [];
    append(
      facts.tools,
      tools.map((value) => ({ value, because })),
    );
  }
}

function dependency(
  { facts, inventory, project }: MesonReading,
  call: Call,
  names: readonly string[],
  isRequired: boolean,
  because: BuildFacts['because'][number],
): void {
  const [name = ''] = names;
  if (name === '' || built.has(name)) return;
  const wraps = names.some((each) => hasPath(inventory, join(project, `subprojects/${each}.wrap`)));
  facts.wanted.push({
    keys: names.flatMap((each) => [`meson:${each}`, `pkg-config:${each}`]),
    isRequired: isRequired && !wraps,
    because,
  });
  for (const component of componentsOf(call, name)) {
    facts.wanted.push({ keys: [component], isRequired: false, because });
  }
  facts.tools.push({ value: 'pkg-config', because });
}

/** `dependency('qt6', modules: ['Core', 'Svg'])`: https://mesonbuild.com/Dependencies.html#qt */
function componentsOf({ texts }: Call, name: string): string[] {
  const modules = texts.filter(({ key }) => key === 'modules').map(({ text }) => text);
  const major = /^qt(?<major>[56])$/.exec(name)?.groups?.major;
  if (major !== undefined) return modules.map((text) => `cmake:Qt${major}${text}`);
  // Methods other than pkg-config know packages of CMake by the same call.
  return modules.length > 0 && /^(KF[56]|Qt[56])$/.test(name)
    ? modules.map((text) => `cmake:${name}${text}`)
    : [];
}
