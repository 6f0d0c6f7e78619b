/** Guile (with Haunt) and CHICKEN: docs/ecosystems/scheme.md. */
import { append } from '../../append.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { lineAt } from '../../text/lines.ts';
import { evidence, presence } from '../evidence.ts';
import { shellWord } from '../shared/shell-word.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';

export const detectScheme: Detect = (context) =>
  context.isLast === true ? sources(context) : manifests(context);

/** Folders with a manifest: a site of Haunt's, a project of Guile Hall's. */
async function manifests(context: DetectContext): Promise<Need[]> {
  const needs: Need[] = [];
  const folders = new Set<string>();
  for (const { path } of filesNamed(context, ['haunt.scm', 'hall.scm'])) {
    const folder = folderOf(path);
    if (isSideFolder(folder) || folders.has(folder)) continue;
    folders.add(folder);
    const because = [presence(path, 'scheme/manifest')];
    const isHaunt = nameOf(path) === 'haunt.scm';
    if (!isHaunt) {
      const built = await configured(context, folder);
      needs.push(
        ...implementation('scheme', folder, built?.commands ?? {}, because),
        ...(built?.needs ?? []),
      );
      continue;
    }
    needs.push({ kind: 'tool', id: 'haunt', project: folder, because });
    const commands = { build: 'haunt build', start: 'haunt serve', dev: 'haunt serve --watch' };
    append(needs, implementation('scheme', folder, commands, because, ['haunt'], [8080]));
  }
  return needs;
}

function implementation(
  id: 'scheme' | 'chicken',
  path: string,
  commands: Partial<Commands>,
  because: Evidence[],
  frameworks: string[] = [],
  ports: number[] = [],
): Need[] {
  return [
    { kind: 'toolchain', id, project: path, requests: [], because },
    {
      kind: 'project',
      path,
      name: null,
      languages: ['scheme'],
      frameworks: id === 'scheme' ? frameworks : [id, ...frameworks],
      packageManager: null,
      commands,
      ports,
      because,
    },
  ];
}

/** Macros that look for Guile: https://www.gnu.org/software/guile/manual/html_node/Autoconf-Macros.html */
const guileMacro = /^[ \t]*GUILE_(PKG|PROGS|FLAGS|SITE_DIR)\b/m;

/** A project of Guile's whose configure.ac looks for it, as Guile's manual and Hall have it: Autoconf builds it. */
async function configured(
  { inventory, native }: DetectContext,
  folder: string,
): Promise<{ commands: Partial<Commands>; needs: Need[]; because: Evidence[] } | null> {
  const file = fileIn(inventory, folder, 'configure.ac');
  const at = guileMacro.exec(file?.text ?? '')?.index;
  if (file === null || at === undefined) return null;
  const { readAutotools } = await import('../c/autotools.ts');
  const { libraryNeeds, toolNeeds } = await import('../c/needs.ts');
  const facts = readAutotools(inventory, file);
  const sign = evidence(file, lineAt(file.text ?? '', at), 'scheme/configure');
  // The macros ask pkg-config for Guile.
  const tools = [...facts.tools, { value: 'pkg-config', because: sign }];
  const compiler: Need[] =
    facts.languages === null ? [] : [{ kind: 'compiler', project: folder, because: facts.because }];
  return {
    commands: facts.commands,
    needs: [...compiler, ...libraryNeeds(native.c, folder, facts, null), ...toolNeeds(folder, tools)],
    because: [sign],
  };
}

/** What Guix reads: https://guix.gnu.org/manual/en/html_node/Invoking-guix-shell.html */
const ofGuix = new Set(['guix.scm', 'manifest.scm', 'channels.scm']);

/** Sources without a manifest: their text says which Scheme they are for; Guile where it does not. */
async function sources(context: DetectContext): Promise<Need[]> {
  const { inventory } = context;
  const files = [...inventory.files.values()].filter(
    ({ path }) => /\.(scm|egg)$/.test(path) && !isSideFolder(folderOf(path)) && !ofGuix.has(nameOf(path)),
  );
  const own = files.filter(({ path }) => !path.includes('/') || folderOf(path) === 'src');
  const egg = own.find(({ path }) => path.endsWith('.egg'));
  if (egg !== undefined && !isText(egg)) return [];
  if (egg !== undefined) {
    const because = [presence(egg.path, 'scheme/egg')];
    const commands = { install: 'chicken-install -n', build: 'chicken-install -n' };
    return [
      ...implementation('chicken', '.', commands, because),
      { kind: 'compiler', project: '.', because },
    ];
  }
  const built = files.length === 0 ? null : await configured(context, '.');
  if (built !== null)
    return [...implementation('scheme', '.', built.commands, built.because), ...built.needs];
  const main = mainOf(own);
  const sign = [main, ...own].find((file) => file !== undefined);
  if (sign === undefined) return [];
  const marked = own.map((file) => [file, chickenLine(file)] as const).find(([, line]) => line !== null);
  const id = marked === undefined ? 'scheme' : 'chicken';
  const because =
    marked?.[1] == null
      ? [presence(sign.path, 'scheme/source')]
      : [evidence(marked[0], marked[1], 'scheme/import')];
  const word = main === undefined ? null : shellWord(main.path);
  const start = { scheme: 'guile', chicken: 'csi -s' }[id];
  return implementation(id, '.', word === null ? {} : { start: `${start} ${word}` }, because);
}

/** `(import (chicken base))` is CHICKEN 5's: https://wiki.call-cc.org/man/5/Modules */
function chickenLine({ text }: ClaimedFile): number | null {
  const lines = (text ?? '').split('\n', 2000);
  const at = lines.findIndex((line) =>
    /^\s*(\(import\b.*)?\(chicken [a-z]|^#!.*\bcsi\b/.test(line.slice(0, 300)),
  );
  return at === -1 ? null : at + 1;
}

/** An egg of Python's is an archive. */
function isText({ text }: ClaimedFile): boolean {
  return text !== null && /^\s*[;(#]/.test(text);
}

function mainOf(files: readonly ClaimedFile[]): ClaimedFile | undefined {
  const named = ['main', 'init', 'app', 'index'].map((name) => `${name}.scm`);
  const found = named.map((name) => files.find(({ path }) => nameOf(path) === name)).find((each) => each);
  const [only, ...others] = files;
  return found ?? (only !== undefined && others.length === 0 && !isModule(only) ? only : undefined);
}

/** A library for others: a module of Guile's, a library of R6RS or R7RS. */
function isModule({ text }: ClaimedFile): boolean {
  return /^[ \t]*\((define-module|define-library|library)\b/m.test(text ?? '');
}
