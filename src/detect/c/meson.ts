/** Meson's build description, followed from a project's root: https://mesonbuild.com/Reference-manual.html */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, isSideFolder, join } from '../shared/tree.ts';
import { type Call, callsOf, positional } from './calls.ts';
import { type BuildFacts, emptyFacts, isPlainWord } from './facts.ts';

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
};

/** Reads the meson.build of a folder and of those that it takes in. */
export function readMeson(inventory: Inventory, root: ClaimedFile): BuildFacts {
  const facts = emptyFacts(evidence(root, 1, 'c/meson'));
  const project = folderOf(root.path);
  const seen = new Set<ClaimedFile>();
  const programs: string[] = [];
  let hasTests = false;

  function read(file: ClaimedFile, folder: string, isCertain: boolean): void {
    if (seen.has(file) || seen.size >= maxFiles || file.text === null) return;
    seen.add(file);
    for (const call of callsOf(file.text)) {
      const [first = ''] = positional(call);
      const isRun = isCertain && call.depth === 0;
      if (call.name === 'project' && folder === project) projectOf(facts, file, call);
      else if (call.name === 'subdir') {
        const below = resolvePath(folder, first);
        const next = below === null ? null : fileIn(inventory, below, 'meson.build');
        if (next !== null) read(next, folderOf(next.path), isRun);
      } else if (call.name === 'test') hasTests = true;
      else if (call.name === 'executable' && isRun && isPlainWord(first)) {
        const below = folder === project ? '.' : folder.slice(project === '.' ? 0 : project.length + 1);
        if (!isSideFolder(below)) programs.push(join(below, first));
      } else look(facts, inventory, project, file, call, isRun);
    }
  }

  read(root, project, true);
  const [program, ...others] = programs;
  facts.commands = {
    ...(facts.fetches === null ? {} : { install: 'meson setup build' }),
    build: `${facts.fetches === null ? 'meson setup build && ' : ''}meson compile -C build`,
    ...(hasTests ? { test: 'meson test -C build' } : {}),
    ...(program !== undefined && others.length === 0 ? { start: `./build/${program}` } : {}),
  };
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

/** Dependencies that the compiler or Meson itself brings: https://mesonbuild.com/Dependencies.html */
const built = new Set(['threads', 'dl', 'openmp', 'appleframeworks', 'coarray', 'iconv', 'm', 'atomic']);

function look(
  facts: BuildFacts,
  inventory: Inventory,
  project: string,
  file: ClaimedFile,
  call: Call,
  isRun: boolean,
): void {
  const names = positional(call);
  const because = evidence(file, call.line, 'c/meson-dependency');
  const required = call.words.find(({ key }) => key === 'required')?.word;
  const isRequired = isRun && (required === undefined || required === 'true');
  if (call.name === 'dependency') {
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
  } else if (call.name.endsWith('.find_library')) {
    const [name = ''] = names;
    if (name === '' || built.has(name)) return;
    facts.wanted.push({ keys: [`library:${name}`], isRequired, because });
  } else if (call.name === 'subproject' && isRun) {
    const [name = ''] = names;
    if (hasPath(inventory, join(project, `subprojects/${name}.wrap`))) facts.fetches ??= because;
  } else if (call.name === 'import' && /^i18n$/.test(names[0] ?? '')) {
    facts.tools.push({ value: 'gettext', because });
  }
}

/** `dependency('qt6', modules: ['Core', 'Svg'])`: https://mesonbuild.com/Dependencies.html#qt */
function componentsOf({ texts }: Call, name: string): string[] {
  const major = /^qt(?<major>[56])$/.exec(name)?.groups?.major;
  if (major === undefined) return [];
  return texts.filter(({ key }) => key === 'modules').map(({ text }) => `cmake:Qt${major}${text}`);
}
