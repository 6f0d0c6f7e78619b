/** Having Nix build what was named, keeping it from being collected, and knowing it again. */
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { isRecord, valueAt } from '../parse/value.ts';
import type { System } from '../plan/schema.ts';
import type { Built } from './build.ts';
import type { Proof } from './canary.ts';
import { closureOf } from './closure.ts';
import { nixFailure } from './failure.ts';
import { nixLog, type Origin } from './log.ts';
import { type NixSettings, nix } from './nix.ts';
import { isProof } from './proved.ts';
import { linkOf, readRecord, writeRecord } from './state.ts';
import { localRootOf, placeOf } from './store-place.ts';

/** What a build has to do. */
export interface Preview {
  /** Derivations that are compiled or made here. */
  build: string[];
  /** Store paths that come from a cache. */
  fetch: string[];
  /** `12.3 MiB download, 45.6 MiB unpacked`, in Nix's words; null when nothing is fetched. */
  size: string | null;
}

/** How Nix is run: where, as what, and who is told. */
export interface Run {
  settings: NixSettings;
  /** A private folder. */
  cwd: string;
  /** Variables of Nix in place of this process's own. */
  env?: Readonly<Record<string, string>>;
  onStatus?: (text: string) => void;
}

/** A derivation that was built, with the store paths of its outputs by name. */
interface Result {
  path: string;
  outputs: Record<string, string>;
}

/**
 * Builds.
 *
 * @param installables derivations, as `nix build` takes them; nothing of them is evaluated to settings
 * @param root the link that keeps the first of them from being collected
 */
export async function realise(
  installables: readonly string[],
  root: string,
  { settings, cwd, env, onStatus = () => {} }: Run,
): Promise<{ results: Result[]; origins: Origin[] }> {
  const log = nixLog();
  const { exitCode, stdout } = await nix(
    [
      'build',
      '--out-link',
      root,
      '--no-write-lock-file',
      '--json',
      '--log-format',
      'internal-json',
      ...installables,
    ],
    settings,
    {
      cwd,
      ...(env === undefined ? {} : { env }),
      onErrorLine: (line) => {
        log.line(line);
        const status = log.status();
        if (status !== null) onStatus(status);
      },
    },
  );
  if (exitCode !== 0) throw nixFailure('building the environment', log);
  return { results: resultsIn(stdout), origins: log.origins() };
}

/** What would be built and fetched. */
export async function preview(
  installables: readonly string[],
  { settings, cwd, env }: Run,
): Promise<Preview> {
  const log = nixLog();
  const lines: string[] = [];
  const { exitCode } = await nix(
    ['build', '--dry-run', '--no-link', '--no-write-lock-file', ...installables],
    settings,
    {
      cwd,
      ...(env === undefined ? {} : { env }),
      onErrorLine: (line) => {
        log.line(line);
        lines.push(line);
      },
    },
  );
  if (exitCode !== 0) throw nixFailure('evaluating the environment', log);
  const isDerivation = (line: string) => line.endsWith('.drv');
  const paths = lines.map((line) => line.trim()).filter((line) => /^\/\S*\/[0-9a-z]{32}-/.test(line));
  const size = lines.map((line) => /fetched \(([^)]*)\)/.exec(line)?.[1]).find((text) => text !== undefined);
  return {
    build: paths.filter(isDerivation),
    fetch: paths.filter((line) => !isDerivation(line)),
    size: size ?? null,
  };
}

/** What is known of a build when it is done, besides its closure. */
interface Facts {
  /** The file that remembers it, and what it is remembered by. */
  record: string;
  digest: string;
  root: string;
  name: string;
  system: System;
  version: string;
  origins: Origin[];
  proof: Proof;
  provedAt: string;
}

/** Asks for the closure of what was built, and writes all of it down for the next run. */
export async function remember(
  { derivation, storePath }: { derivation: string; storePath: string },
  { record, digest, root, name, system, version, origins, proof, provedAt }: Facts,
  { settings, cwd }: Run,
): Promise<Built> {
  const paths = await closureOf(storePath, version, settings, cwd);
  const built: Built = {
    name,
    storePath,
    storeDirectory: storeDirectoryOf(settings),
    closure: paths.map((info) => info.path),
    derivation,
    paths,
    origins,
    system,
    nixVersion: version,
    proof,
    provedAt,
    isRemembered: false,
    root,
  };
  writeRecord(record, { digest, built });
  return built;
}

/** The build of an earlier run, when it was of the same files on the same machine and is still there. */
export function remembered(record: string, digest: string): Built | null {
  const known = readRecord(record);
  if (!isRecord(known) || known.digest !== digest || !isRecord(known.built)) return null;
  // One of an earlier version of nidify says too little.
  if (!isProof(known.built)) return null;
  const built = known.built as unknown as Built;
  const target = linkOf(built.root);
  if (target === null || built.storePath !== target) return null;
  return exists(placeOf(target, built.storeDirectory)) ? { ...built, isRemembered: true } : null;
}

function exists(file: string): boolean {
  try {
    lstatSync(file);
    return true;
  } catch {
    return false;
  }
}

function resultsIn(stdout: Buffer): Result[] {
  const value: unknown = JSON.parse(stdout.toString('utf8'));
  return (Array.isArray(value) ? value : []).map((each) => {
    const [derivation, outputs] = [valueAt(each, ['drvPath']), valueAt(each, ['outputs'])];
    if (typeof derivation !== 'string' || !isRecord(outputs)) throw notUnderstood();
    const paths = Object.entries(outputs).flatMap(([name, output]) =>
      typeof output === 'string' ? [[name, output]] : [],
    );
    return { path: derivation, outputs: Object.fromEntries(paths) };
  });
}

export function notUnderstood(): NidifyError {
  return new NidifyError({
    code: 'nix-failed',
    message: 'Nix answered in a way that nidify does not understand',
    exitCode: ExitCode.toolMissing,
  });
}

/** Where the store of these settings is on this machine; null for /nix/store. */
function storeDirectoryOf({ store }: NixSettings): string | null {
  const root = localRootOf(store ?? process.env.NIX_REMOTE ?? '');
  return root !== null && path.resolve(root) !== '/' ? path.join(root, 'nix', 'store') : null;
}
