/**
 * Repositories without any manifest: a script, and nothing that says what runs it. Looked at only when no
 * ecosystem has found anything, so that sources of other repositories are neither read nor inputs.
 */
import type { Evidence } from '../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../scan/types.ts';
import { evidence, presence } from './evidence.ts';
import { folderOf, nameOf } from './shared/tree.ts';
import type { Need, ProjectNeed } from './types.ts';

const folders = ['', 'src/'];
const names = ['index', 'main', 'mod', 'server', 'app'];
const endings = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs'];

/** Paths at which a script stands that a repository may be started by, the likeliest first. */
export function entryPoints({ paths }: Pick<Inventory, 'paths'>): string[] {
  const there = new Set(paths);
  const candidates = folders.flatMap((folder) =>
    names.flatMap((name) => endings.map((ending) => folder + name + ending)),
  );
  const usual = candidates.filter((candidate) => there.has(candidate));
  return usual.length > 0 ? usual : scripts(paths, there);
}

/** Folders that a web server is given as its root. */
const webFolders = ['', 'public/', 'web/', 'www/', 'htdocs/'];

/** A page of PHP, or a script of Ruby or PHP: by its usual name, else the only one of its kind. */
function scripts(paths: readonly string[], there: ReadonlySet<string>): string[] {
  const page = webFolders.map((folder) => `${folder}index.php`).find((path) => there.has(path));
  const ruby = names.map((name) => `${name}.rb`).find((path) => there.has(path));
  const own = [page, ruby].filter((path) => path !== undefined);
  if (own.length > 0) return own;
  const only = (pattern: RegExp) => {
    const found = paths.filter((path) => pattern.test(path));
    return found.length === 1 ? found : [];
  };
  return [...only(/^[\w-]+\.rb$/), ...only(/^[\w-]+\/index\.php$/), ...only(/^[\w-]+\.php$/)];
}

/** Specifiers and globals that only Deno has: https://docs.deno.com/runtime/fundamentals/modules/ */
const onlyDeno = /(?:from|import)\s*(?:\(\s*)?['"](?:https?:|jsr:|npm:)|\bDeno\.[a-z]/;

/**
 * What runs a repository's only script: Deno where the text says so, and for TypeScript that says nothing, since
 * Deno alone is made to run it without a manifest; Node.js for JavaScript.
 */
export function detectEntryPoint(file: ClaimedFile): Need[] {
  const script = /\.(?<ending>rb|php)$/.exec(file.path)?.groups?.ending;
  if (script !== undefined) return lonely(script === 'rb' ? 'ruby' : 'php', file);
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => line.length < 1000 && onlyDeno.test(line));
  const isTypeScript = /\.m?tsx?$/.test(file.path);
  const id = at !== -1 || isTypeScript ? 'deno' : 'node';
  const because =
    at === -1 ? [presence(file.path, `${id}/entry-point`)] : [evidence(file, at + 1, 'deno/import')];
  const commands =
    id === 'deno'
      ? { build: `deno cache ${file.path}`, start: `deno run --allow-all ${file.path}` }
      : { start: `node ${file.path}` };
  const needs = runBy(id, commands, [], because);
  if (at !== -1) return needs;
  return [...needs, assumed(id, file, id === 'deno' ? 'deno.json' : 'package.json', because)];
}

/** A script, or pages of PHP, which its own server serves: https://www.php.net/manual/en/features.commandline.webserver.php */
function lonely(id: 'ruby' | 'php', file: ClaimedFile): Need[] {
  const because = [presence(file.path, `${id}/entry-point`)];
  const folder = folderOf(file.path);
  const root = folder === '.' ? '' : ` -t ${folder}`;
  const isPage = id === 'php' && nameOf(file.path) === 'index.php';
  const commands = isPage
    ? { start: `php -S 0.0.0.0:8000${root}`, dev: `php -S localhost:8000${root}` }
    : { start: `${id} ${file.path}` };
  return [
    ...runBy(id, commands, isPage ? [8000] : [], because),
    assumed(id, file, id === 'php' ? 'composer.json' : 'Gemfile', because),
  ];
}

/** A runtime, and the project that it runs. */
function runBy(id: string, commands: ProjectNeed['commands'], ports: number[], because: Evidence[]): Need[] {
  const common = { path: '.', name: null, frameworks: [], packageManager: null };
  return [
    { kind: 'toolchain', id, project: '.', requests: [], because },
    { kind: 'project', ...common, languages: [id], commands, ports, because },
  ];
}

function assumed(id: string, { path }: ClaimedFile, manifest: string, because: Evidence[]): Need {
  return {
    kind: 'finding',
    code: 'runtime-assumed',
    severity: 'warning',
    message: `there is no manifest: that ${path} is run by ${id} is taken for granted`,
    hint: `Add a ${manifest}, or name what it needs with "packages" in nidify.jsonc.`,
    because,
  };
}
