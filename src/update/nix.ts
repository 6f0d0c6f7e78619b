import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec, lastLines } from '../exec.ts';
import { isNarHash, isTime } from '../lock/read.ts';
import { isRecord, valueAt } from '../parse/value.ts';
import type { System } from '../plan/schema.ts';
import { withoutPassword } from '../text/address.ts';
import { attributesExpression, fetchExpression } from './expression.ts';
import { tarballTime } from './tarball.ts';

export interface NixOptions {
  /** A folder without any meaning: nothing in it is read. */
  cwd: string;
  /** Of each call. */
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** What locks a source tree. */
export interface Fetched {
  narHash: string;
  lastModified: number;
}

const getNix =
  'Install Nix (https://nixos.org/download), or run `nidify update` where it is. Everything else works without it.';

/** Variables that configure Nix and may hold access tokens: they pass to Nix only. */
const allow = ['NIX_CONFIG', 'NETRC', 'AWS_PROFILE', 'AWS_REGION'];

const instantiate = 'nix-instantiate';

async function ask(expression: string, request: object, options: NixOptions): Promise<unknown> {
  const result = await exec({
    program: instantiate,
    args: [
      ...['--eval', '--strict', '--json', '--read-write-mode', '-'],
      ...['--extra-experimental-features', 'nix-command flakes'],
      ...['--argstr', 'request', JSON.stringify(request)],
    ],
    cwd: options.cwd,
    timeoutMs: options.timeoutMs,
    maxOutputBytes: 64 * 1024 * 1024,
    stdin: expression,
    signal: options.signal,
    allow,
    whenMissing: getNix,
  });
  if (result.exitCode !== 0) throw failed(result);
  try {
    return JSON.parse(result.stdout.toString('utf8'));
  } catch {
    throw unexpected();
  }
}

/**
 * Downloads a source tree into the store, with the facts that lock it.
 *
 * @throws NidifyError `tool-missing` (exit 4), `network-unavailable` (75), `nix-failed` (5)
 */
export async function fetchTree(url: string, options: NixOptions): Promise<Fetched> {
  const tree = await ask(fetchExpression, { url }, options);
  const narHash = valueAt(tree, ['narHash']);
  const told = valueAt(tree, ['lastModified']);
  // Old versions of Nix do not say it.
  const lastModified = isTime(told) ? told : await tarballTime(url, options);
  if (!isNarHash(narHash)) throw unexpected();
  return { narHash, lastModified };
}

/** What is asked of one revision for one system. */
export interface Request {
  url: string;
  /** Of the source tree. */
  narHash: string;
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
  const { url, narHash, system, unfree, insecure } = request;
  const attributes = request.attributes.map((attribute) => ({ attribute, path: attribute.split('.') }));
  const asked = { url, sha256: narHash, system, unfree, insecure, attributes };
  const answers = await ask(attributesExpression, asked, options);
  if (!Array.isArray(answers)) throw unexpected();
  return answers.map((answer: unknown): AttributeAnswer => {
    if (!isRecord(answer)) throw unexpected();
    const { attribute, state, version } = answer;
    const isState = state === 'present' || state === 'missing' || state === 'refused';
    if (typeof attribute !== 'string' || !isState) throw unexpected();
    return { attribute, state, version: typeof version === 'string' ? version : null };
  });
}

function failed({ exitCode, stderrTail }: ExecResult): NidifyError {
  const said = errorLine(stderrTail);
  const isNetwork =
    /unable to download|Could ?n.t resolve host|Could not resolve|Connection (refused|timed out)/i;
  if (isNetwork.test(stderrTail)) {
    return new NidifyError({
      code: 'network-unavailable',
      message: `${instantiate} could not download: ${said}`,
      hint: 'Try again later; with a mirror set NIDIFY_TARBALL_URL.',
      exitCode: ExitCode.temporary,
    });
  }
  return new NidifyError({
    code: 'nix-failed',
    message: `${instantiate} failed (exit ${exitCode}): ${said}`,
    exitCode: ExitCode.buildFailed,
  });
}

function errorLine(stderr: string): string {
  const errors = stderr.split('\n').filter((line) => /^\s*error:/.test(line));
  return withoutPassword(errors.at(-1) ?? lastLines(stderr, 1))
    .trim()
    .slice(0, 400);
}

function unexpected(): NidifyError {
  return new NidifyError({
    code: 'nix-failed',
    message: `${instantiate} answered in a way that nidify does not understand`,
    hint: 'nidify knows Nix 2.8 and later: `nix --version` says yours.',
    exitCode: ExitCode.toolMissing,
  });
}
