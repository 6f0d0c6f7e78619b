import type { PathInfo } from '../build/closure.ts';
import { ExitCode, NidifyError } from '../errors.ts';

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

/** https://nix.dev/manual/nix/latest/protocols/store-path */
const storePathPattern = /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-[0-9A-Za-z+\-._?=]{1,211}$/;

/**
 * What an image says of a closure, once it is complete: every path is a store path, and so is what it refers to.
 *
 * @param infos what the store knows, of these paths at least
 * @param expected the closure that the image shall hold
 * @returns every path of the closure, sorted
 * @throws NidifyError `closure-unknown` (exit 5)
 */
export function storePathsOf(infos: readonly PathInfo[], expected: readonly string[]): StorePath[] {
  const known = new Map(infos.map((info) => [info.path, info]));
  const wanted = new Set(expected);
  return [...wanted].sort().map((each) => storePathOf(each, known.get(each), wanted));
}

function storePathOf(storePath: string, info: PathInfo | undefined, closure: ReadonlySet<string>): StorePath {
  if (!storePathPattern.test(storePath)) throw unknown(`${storePath} is no store path`);
  if (info === undefined) throw unknown(`the store does not know ${storePath}`);
  const others = info.references.filter((each) => each !== storePath);
  const missing = others.find((each) => !closure.has(each));
  if (missing !== undefined) throw unknown(`${storePath} needs ${missing}, which is not in the closure`);
  return { path: storePath, narHash: hexOf(info.narHash), narSize: info.narSize, references: others };
}

function hexOf(hash: string): string | null {
  const base64 = /^sha256-(?<hash>[A-Za-z0-9+/]{43}=)$/.exec(hash);
  return base64?.groups?.hash === undefined
    ? null
    : Buffer.from(base64.groups.hash, 'base64').toString('hex');
}

function unknown(message: string): NidifyError {
  return new NidifyError({ code: 'closure-unknown', message, exitCode: ExitCode.buildFailed });
}
