import path from 'node:path';
import type { BuiltEnvironment } from '../build/types.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { exec, lastLines } from '../exec.ts';

/** What the store's database knows of one path. */
export interface StorePath {
  /** `/nix/store/<32 characters>-<name>` */
  path: string;
  /** SHA-256 of the path as a NAR, in hexadecimal; null where the store does not say it. */
  narHash: string | null;
  /** Bytes of the path as a NAR: a little more than its files. */
  narSize: number;
  /** Other paths of the closure that it names; never itself. Sorted. */
  references: readonly string[];
}

const timeoutMs = 120_000;
const maxOutputBytes = 256 * 1024 * 1024;
/** https://nix.dev/manual/nix/latest/protocols/store-path */
const storePathPattern = /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+\-._?=]{1,211}$/;

/**
 * Asks Nix for sizes, hashes and references of an environment's closure.
 *
 * @returns every path of the closure, sorted
 * @throws NidifyError `closure-unknown` (exit 5), and what starting Nix throws
 */
export async function closureOf(environment: BuiltEnvironment, signal?: AbortSignal): Promise<StorePath[]> {
  const { storeDirectory, storePath } = environment;
  const run = (format: readonly string[]) =>
    exec({
      program: 'nix',
      args: [
        ...['--extra-experimental-features', 'nix-command', 'path-info'],
        ...(storeDirectory === null ? [] : ['--store', path.resolve(storeDirectory, '../..')]),
        ...['--recursive', '--json', ...format, '--', storePath],
      ],
      cwd: '/',
      timeoutMs,
      maxOutputBytes,
      allow: ['NIX_CONFIG'],
      signal,
      whenMissing: 'Install Nix: https://nixos.org/download/',
    });
  // Newer versions ask for the format to be named, older ones do not know the option.
  let result = await run(['--json-format', '1']);
  if (result.exitCode !== 0) result = await run([]);
  if (result.exitCode !== 0) {
    throw unknown(`nix path-info failed: ${lastLines(result.stderrTail, 3)}`);
  }
  return parseClosure(result.stdout.toString('utf8'), environment.closure);
}

/**
 * Reads what `nix path-info --json` prints: a list up to Nix 2.18, an object by path since.
 *
 * @param expected the closure that the image shall hold; each of it must be there
 */
export function parseClosure(text: string, expected: readonly string[]): StorePath[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unknown('nix path-info printed no JSON');
  }
  if (typeof json !== 'object' || json === null) throw unknown('nix path-info printed no paths');
  const known = new Map<string, unknown>(
    Array.isArray(json)
      ? json.map((each: unknown) => [String(field(each, 'path')), each])
      : Object.entries(json),
  );
  const wanted = new Set(expected);
  return [...wanted].sort().map((each) => storePathOf(each, known.get(each), wanted));
}

function storePathOf(storePath: string, facts: unknown, closure: ReadonlySet<string>): StorePath {
  if (!storePathPattern.test(storePath)) throw unknown(`${storePath} is no store path`);
  const narSize = field(facts, 'narSize');
  const references = field(facts, 'references');
  if (typeof narSize !== 'number' || !Array.isArray(references)) {
    throw unknown(`the store does not know ${storePath}`);
  }
  const others = references.map(String).filter((each) => each !== storePath);
  const missing = others.find((each) => !closure.has(each));
  if (missing !== undefined) throw unknown(`${storePath} needs ${missing}, which is not in the closure`);
  return { path: storePath, narHash: hexOf(field(facts, 'narHash')), narSize, references: others.sort() };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function hexOf(hash: unknown): string | null {
  const base64 = typeof hash === 'string' ? /^sha256-(?<hash>[A-Za-z0-9+/]{43}=)$/.exec(hash) : null;
  return base64?.groups?.hash === undefined
    ? null
    : Buffer.from(base64.groups.hash, 'base64').toString('hex');
}

function unknown(message: string): NidifyError {
  return new NidifyError({ code: 'closure-unknown', message, exitCode: ExitCode.buildFailed });
}
