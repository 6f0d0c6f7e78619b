/** Guile (with Haunt) and CHICKEN: docs/ecosystems/scheme.md. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { shellWord } from '../shared/shell-word.ts';
import { filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';

export const detectScheme: Detect = (context) =>
  context.isLast === true ? sources(context) : manifests(context);

/** Folders with a manifest: a site of Haunt's, a project of Guile Hall's. */
function manifests(context: DetectContext): Need[] {
  const needs: Need[] = [];
  const folders = new Set<string>();
  for (const { path } of filesNamed(context, ['haunt.scm', 'hall.scm'])) {
    const folder = folderOf(path);
    if (isSideFolder(folder) || folders.has(folder)) continue;
    folders.add(folder);
    const because = [presence(path, 'scheme/manifest')];
    const isHaunt = nameOf(path) === 'haunt.scm';
    if (isHaunt) needs.push({ kind: 'tool', id: 'haunt', project: folder, because });
    const commands = isHaunt
      ? { build: 'haunt build', start: 'haunt serve', dev: 'haunt serve --watch' }
      : {};
    needs.push(
      ...implementation('scheme', folder, commands, because, isHaunt ? ['haunt'] : [], isHaunt ? [8080] : []),
    );
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

/** Sources without a manifest: their text says which Scheme they are for; Guile where it does not. */
function sources({ inventory }: DetectContext): Need[] {
  const files = [...inventory.files.values()].filter(
    ({ path }) => /\.(scm|egg)$/.test(path) && !isSideFolder(folderOf(path)),
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
  const named = ['main', 'init', 'app', 'index'].map((name) =>
    files.find(({ path }) => nameOf(path) === `${name}.scm`),
  );
  const found = named.find((file) => file !== undefined);
  return found ?? (files.length === 1 ? files[0] : undefined);
}
