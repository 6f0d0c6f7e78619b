/**
 * Repositories without any manifest: a script, and nothing that says what runs it. Looked at only when no
 * ecosystem has found anything, so that sources of other repositories are neither read nor inputs.
 */
import type { ClaimedFile, Inventory } from '../scan/types.ts';
import { evidence, presence } from './evidence.ts';
import type { Need } from './types.ts';

const folders = ['', 'src/'];
const names = ['index', 'main', 'mod', 'server', 'app'];
const endings = ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs'];

/** Paths at which a script stands that a repository may be started by, the likeliest first. */
export function entryPoints({ paths }: Pick<Inventory, 'paths'>): string[] {
  const there = new Set(paths);
  const candidates = folders.flatMap((folder) =>
    names.flatMap((name) => endings.map((ending) => folder + name + ending)),
  );
  return candidates.filter((candidate) => there.has(candidate));
}

/** Specifiers and globals that only Deno has: https://docs.deno.com/runtime/fundamentals/modules/ */
const onlyDeno = /(?:from|import)\s*\(?\s*['"](?:https?:|jsr:|npm:)|\bDeno\.[a-z]/;

/**
 * What runs a repository's only script: Deno where the text says so, and for TypeScript that says nothing, since
 * Deno alone is made to run it without a manifest; Node.js for JavaScript.
 */
export function detectEntryPoint(file: ClaimedFile): Need[] {
  const lines = (file.text ?? '').split('\n');
  const at = lines.findIndex((line) => line.length < 1000 && onlyDeno.test(line));
  const isTypeScript = /\.m?tsx?$/.test(file.path);
  const id = at !== -1 || isTypeScript ? 'deno' : 'node';
  const because =
    at === -1 ? [presence(file.path, `${id}/entry-point`)] : [evidence(file, at + 1, 'deno/import')];
  const needs: Need[] = [
    { kind: 'toolchain', id, project: '.', requests: [], because },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: [id],
      frameworks: [],
      packageManager: null,
      commands:
        id === 'deno'
          ? { build: `deno cache ${file.path}`, start: `deno run --allow-all ${file.path}` }
          : { start: `node ${file.path}` },
      ports: [],
      because,
    },
  ];
  if (at !== -1) return needs;
  return [
    ...needs,
    {
      kind: 'finding',
      code: 'runtime-assumed',
      severity: 'warning',
      message: `there is no manifest: that ${file.path} is run by ${id} is taken for granted`,
      hint: `Add a ${id === 'deno' ? 'deno.json' : 'package.json'}, or name what it needs with "packages" in nidify.jsonc.`,
      because,
    },
  ];
}
