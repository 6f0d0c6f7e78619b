/** Evaluations by `nix-instantiate`, in its read-only mode: nothing is built, nothing instantiated. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const expression = fileURLToPath(new URL('evaluate.nix', import.meta.url));
const limits = { maxBuffer: 64 * 1024 * 1024, timeout: 30 * 60_000 };

/**
 * The store path of a pinned nixpkgs.
 *
 * @throws Error of execFile: `code` is `ENOENT` without Nix; else nixpkgs could not be fetched
 */
export async function fetchNixpkgs({ rev, narHash }) {
  const url = `https://github.com/NixOS/nixpkgs/archive/${rev}.tar.gz`;
  const source = `"\${builtins.fetchTarball { url = "${url}"; sha256 = "${narHash}"; }}"`;
  const { stdout } = await run('nix-instantiate', ['--eval', '--json', '--expr', source], limits);
  return JSON.parse(stdout);
}

/**
 * @param {string} nixpkgs a directory
 * @param {readonly string[]} attributes dotted paths
 * @returns answers of evaluate.nix in the order of `attributes`; null too for one that cannot be evaluated
 */
export async function evaluate(nixpkgs, attributes, system = 'x86_64-linux') {
  if (attributes.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'nidify-catalogue-'));
  try {
    const names = join(folder, 'names.json');
    await writeFile(names, JSON.stringify(attributes.map((path) => path.split('.'))));
    const given = [
      '--arg',
      'nixpkgs',
      `/. + ${JSON.stringify(nixpkgs)}`,
      '--arg',
      'names',
      `/. + ${JSON.stringify(names)}`,
    ];
    const { stdout } = await run(
      'nix-instantiate',
      ['--eval', '--strict', '--json', '--readonly-mode', expression, ...given, '--argstr', 'system', system],
      limits,
    );
    return JSON.parse(stdout);
  } catch (error) {
    if (error.code === 'ENOENT') throw error;
    // Some errors end the whole evaluation: halve it until the one that does is alone.
    if (attributes.length === 1) return [null];
    const middle = Math.ceil(attributes.length / 2);
    return [
      ...(await evaluate(nixpkgs, attributes.slice(0, middle), system)),
      ...(await evaluate(nixpkgs, attributes.slice(middle), system)),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}
