/** Sites of plain files, without anything that builds them: docs/ecosystems/static.md. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { entryPoints } from '../entry-points.ts';
import { evidence, presence } from '../evidence.ts';
import { resolvePath } from '../shared/resolve.ts';
import { shellWord } from '../shared/shell-word.ts';
import { fileIn, join, nameOf } from '../shared/tree.ts';
import type { Detect, FindingNeed, Need } from '../types.ts';
import { pageScripts } from './claims.ts';

/** Folders that a site is usually published from, the likeliest first. */
const siteFolders = [
  '.',
  'public',
  'dist',
  'docs',
  'site',
  '_site',
  'www',
  'html',
  'htdocs',
  'build',
  'static',
];

/** What serves them: https://caddyserver.com/docs/command-line#caddy-file-server */
const server = 'caddy';
const defaultPort = 8080;

export const detectStatic: Detect = ({ inventory }) => {
  const file = fileIn(inventory, '.', 'Staticfile');
  const settings = file?.text == null ? new Map<string, Setting>() : settingsOf(file.text);
  const root = file === null ? null : (settings.get('root')?.value ?? '');
  const folder = root === null ? pageFolder(inventory) : rootOf(inventory, root);
  if (folder === null || isProgram(inventory)) return [];
  const because =
    file === null
      ? [presence(join(folder, 'index.html'), 'static/page')]
      : [evidence(file, settings.get('root')?.line ?? null, 'static/staticfile')];
  const word = shellWord(folder);
  const serve =
    word === null ? null : `${server} file-server --listen :\${PORT:-${defaultPort}} --root ${word}`;
  const needs: Need[] = [
    { kind: 'tool', id: server, project: '.', because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['static'],
      frameworks: [],
      packageManager: null,
      commands: serve === null ? {} : { start: serve, dev: serve },
      ports: [defaultPort],
      because,
    },
  ];
  return file === null ? needs : [...needs, ...unserved(inventory, file, settings)];
};

function pageFolder({ files }: Inventory): string | null {
  return siteFolders.find((folder) => files.has(join(folder, 'index.html'))) ?? null;
}

/** The folder that the Staticfile names; without one, the folder with the page, else its own. */
function rootOf(inventory: Inventory, root: string): string | null {
  return root === '' ? (pageFolder(inventory) ?? '.') : resolvePath('.', root);
}

/** What only a program has that Node.js or Deno runs. */
const onlyProgram =
  /\brequire\s*\(|\bfrom\s+['"](?:node:|npm:|jsr:)|\bprocess\.(?:env|argv)\b|\bDeno\.[a-z]|^#!/;

/** Whether a script at the root is a program of its own, and the page perhaps what it serves. */
function isProgram(inventory: Inventory): boolean {
  return entryPoints(inventory).some((path) => {
    if (!(pageScripts as readonly string[]).includes(nameOf(path))) return true;
    const lines = inventory.files.get(path)?.text?.split('\n') ?? [];
    return lines.some((line) => line.length < 1000 && onlyProgram.test(line));
  });
}

interface Setting {
  value: string;
  line: number;
}

/** Lines of `key: value`, as all that the buildpack documents are. */
function settingsOf(text: string): Map<string, Setting> {
  const settings = new Map<string, Setting>();
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.length > 1000) continue;
    const { key, value = '' } = /^(?<key>[a-z_]+)\s*:(?<value>.*)$/.exec(line)?.groups ?? {};
    if (key === undefined || settings.has(key)) continue;
    const plain = value.replace(/\s#.*$/, '').trim();
    settings.set(key, { value: /^(["']).*\1$/.test(plain) ? plain.slice(1, -1) : plain, line: at + 1 });
  }
  return settings;
}

/** Settings of nginx that a plain file server does not have. */
function unserved(
  { files }: Inventory,
  file: ClaimedFile,
  settings: ReadonlyMap<string, Setting>,
): FindingNeed[] {
  const own = [...settings].filter(([key]) => key !== 'root');
  const found = own.map(([key, { line }]) => ({ key, because: evidence(file, line, 'static/setting') }));
  if (files.has('Staticfile.auth')) {
    found.push({ key: 'Staticfile.auth', because: presence('Staticfile.auth', 'static/setting') });
  }
  return found.map(({ key, because }) => ({
    kind: 'finding',
    code: 'static-setting',
    severity: 'info',
    message: `${key} is a setting of the buildpack's server: the start command serves plain files without it`,
    hint: null,
    because: [because],
  }));
}
