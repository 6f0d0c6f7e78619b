import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec, lastLines } from '../exec.ts';
import { isNarHash, isTime } from '../lock/read.ts';
import { isRecord, valueAt } from '../parse/value.ts';
import type { System } from '../plan/schema.ts';
import { expression } from './expression.ts';

export interface NixOptions {
  /** A folder without any meaning: nothing in it is read. */
  cwd: string;
  /** Of each call. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** A source tree in the store. */
export interface Fetched {
  narHash: string;
  lastModified: number;
  storePath: string;
}

const getNix =
  'Install Nix (https://nixos.org/download), or run `nidify update` where it is. Everything else works without it.';

/** Variables that configure Nix and may hold access tokens: they pass to Nix only. */
const allow = ['NIX_CONFIG', 'NETRC', 'AWS_PROFILE', 'AWS_REGION'];

async function nix(
  program: string,
  args: readonly string[],
  stdin: string | null,
  options: NixOptions,
): Promise<string> {
  const result = await exec({
    program,
    args,
    cwd: options.cwd,
    timeoutMs: options.timeoutMs,
    maxOutputBytes: 64 * 1024 * 1024,
    ...(stdin === null ? {} : { stdin }),
    signal: options.signal,
    allow,
    whenMissing: getNix,
  });
  if (result.exitCode !== 0) throw failed(program, result);
  return result.stdout.toString('utf8');
}

/**
 * Downloads a source tree into the store, with the facts that lock it.
 *
 * @throws NidifyError `tool-missing` (exit 4), `network-unavailable` (75), `nix-failed` (5)
 */
export async function fetchTree(url: string, options: NixOptions): Promise<Fetched> {
  const flakes = ['--extra-experimental-features', 'nix-command flakes'];
  const reference = `tarball+${url}`;
  const fetched = json(
    await nix('nix', [...flakes, 'flake', 'prefetch', '--json', reference], null, options),
  );
  const narHash = valueAt(fetched, ['hash']);
  const storePath = valueAt(fetched, ['storePath']);
  let lastModified = valueAt(fetched, ['locked', 'lastModified']);
  if (!isTime(lastModified)) {
    // Before 2.18 only this says it.
    const metadata = await nix('nix', [...flakes, 'flake', 'metadata', '--json', reference], null, options);
    lastModified = valueAt(json(metadata), ['lastModified']);
  }
  if (isNarHash(narHash) && isTime(lastModified) && typeof storePath === 'string') {
    return { narHash, lastModified, storePath };
  }
  throw unexpected('nix flake prefetch');
}

/** What is asked of one revision for one system. */
export interface Request {
  path: string;
  system: System;
  unfree: readonly string[];
  insecure: readonly string[];
  /** Attribute paths, dotted. */
  attributes: readonly string[];
}

export interface AttributeAnswer {
  attribute: string;
  state: 'present' | 'missing' | 'refused';
  version: string | null;
}

/**
 * Evaluates attributes without aliases, under the permitted names.
 *
 * @throws NidifyError `tool-missing` (exit 4), `nix-failed` (5)
 */
export async function evaluate(request: Request, options: NixOptions): Promise<AttributeAnswer[]> {
  const attributes = request.attributes.map((attribute) => ({ attribute, path: attribute.split('.') }));
  const args = ['--eval', '--strict', '--json', '--read-write-mode', '-', '--argstr', 'request'];
  const text = JSON.stringify({ ...request, attributes });
  const answers = json(await nix('nix-instantiate', [...args, text], expression, options));
  if (!Array.isArray(answers)) throw unexpected('nix-instantiate');
  return answers.map((answer: unknown): AttributeAnswer => {
    if (!isRecord(answer)) throw unexpected('nix-instantiate');
    const { attribute, state, version } = answer;
    const isState = state === 'present' || state === 'missing' || state === 'refused';
    if (typeof attribute !== 'string' || !isState) throw unexpected('nix-instantiate');
    return { attribute, state, version: typeof version === 'string' ? version : null };
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function failed(program: string, { exitCode, stderrTail }: ExecResult): NidifyError {
  const said = errorLine(stderrTail);
  const isNetwork =
    /unable to download|Could ?n.t resolve host|Could not resolve|Connection (refused|timed out)/i;
  if (isNetwork.test(stderrTail)) {
    return new NidifyError({
      code: 'network-unavailable',
      message: `${program} could not download: ${said}`,
      hint: 'Try again later; with a mirror set NIDIFY_TARBALL_URL.',
      exitCode: ExitCode.temporary,
    });
  }
  return new NidifyError({
    code: 'nix-failed',
    message: `${program} failed (exit ${exitCode}): ${said}`,
    exitCode: ExitCode.buildFailed,
  });
}

function errorLine(stderr: string): string {
  const errors = stderr.split('\n').filter((line) => /^\s*error:/.test(line));
  return (errors.at(-1) ?? lastLines(stderr, 1)).trim().slice(0, 400);
}

function unexpected(program: string): NidifyError {
  return new NidifyError({
    code: 'nix-failed',
    message: `${program} answered in a way that nidify does not understand`,
    hint: 'nidify knows Nix 2.8 and later: `nix --version` says yours.',
    exitCode: ExitCode.toolMissing,
  });
}
