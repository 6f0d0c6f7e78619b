import { ExitCode, NidifyError } from '../errors.ts';
import { type ExecResult, exec } from '../exec.ts';
import type { Plan } from '../plan/schema.ts';
import { byNumbers } from '../text/numbers.ts';

/** How Nix is to be asked: what a person chose for this run. */
export interface NixSettings {
  /** `nix --store`: a folder (a store of its own, no /nix needed) or an address; null for Nix's own choice. */
  store: string | null;
  /** `builders` of nix.conf; null for what the machine has configured. */
  builders: string | null;
  /** Further binary caches. */
  substituters: readonly string[];
  /** `name:base64` of those who may sign for them. */
  trustedKeys: readonly string[];
  /** Of each derivation and of the whole call, in milliseconds. */
  timeoutMs: number;
  /** Of each process, in bytes (single-user stores only); null for no bound. */
  memoryBytes: number | null;
  /** Of what each derivation prints; Nix ends one that prints more. */
  maxLogBytes: number;
  signal?: AbortSignal | undefined;
}

export const defaultNixSettings: NixSettings = {
  store: null,
  builders: null,
  substituters: [],
  trustedKeys: [],
  timeoutMs: 3_600_000,
  memoryBytes: null,
  maxLogBytes: 64 * 1024 * 1024,
};

/** The first with flakes. */
export const oldestNix = '2.4';

const getNix =
  'Install Nix: https://nixos.org/download says how. `nidify doctor` says what this machine can do.';

/** Variables that configure Nix and may hold access tokens: they pass to Nix only. */
const allow = ['NIX_CONFIG', 'NETRC', 'AWS_PROFILE', 'AWS_REGION'];

export interface NixCall {
  cwd: string;
  /** More options of nix.conf, as `--option name value`, which win. */
  options?: Readonly<Record<string, string>>;
  /** Variables in place of this process's own. */
  env?: Readonly<Record<string, string>>;
  onErrorLine?: (line: string) => void;
}

/**
 * Options of every evaluation and build: the sandbox on and without a way around it, nothing that a flake
 * could ask for, no build while evaluating.
 */
export function optionsOf(settings: NixSettings): Record<string, string> {
  const seconds = String(Math.max(1, Math.ceil(settings.timeoutMs / 1000)));
  return {
    sandbox: 'true',
    // By default Nix builds without a sandbox where it cannot have one, and some versions do not even say so.
    'sandbox-fallback': 'false',
    'allow-import-from-derivation': 'false',
    'accept-flake-config': 'false',
    'max-build-log-size': String(settings.maxLogBytes),
    timeout: seconds,
    ...(settings.builders === null ? {} : { builders: settings.builders }),
    ...(settings.substituters.length === 0 ? {} : { 'extra-substituters': settings.substituters.join(' ') }),
    ...(settings.trustedKeys.length === 0
      ? {}
      : { 'extra-trusted-public-keys': settings.trustedKeys.join(' ') }),
  };
}

/**
 * Runs `nix` to its end.
 *
 * @throws NidifyError `tool-missing` (exit 4), `build-timed-out` (5), and what `exec` throws
 */
export async function nix(
  args: readonly string[],
  settings: NixSettings,
  { cwd, options = {}, env = {}, onErrorLine }: NixCall,
): Promise<ExecResult> {
  const chosen = { ...optionsOf(settings), ...options };
  try {
    return await exec({
      program: 'nix',
      args: [
        ...['--extra-experimental-features', 'nix-command flakes'],
        ...Object.entries(chosen).flatMap(([name, value]) => ['--option', name, value]),
        ...(settings.store === null ? [] : ['--store', settings.store]),
        ...args,
      ],
      cwd,
      // Nix ends a derivation at its own time-out and says which; this one ends Nix.
      timeoutMs: settings.timeoutMs + 5000,
      graceMs: 5000,
      maxOutputBytes: 64 * 1024 * 1024,
      maxErrorBytes: Number.POSITIVE_INFINITY,
      signal: settings.signal,
      allow,
      // Nix 2.8 asks for it where the store is a folder.
      env: { USER: process.env.USER ?? 'nobody', ...env },
      whenMissing: getNix,
      diesWithParent: true,
      ...(onErrorLine === undefined ? {} : { onErrorLine }),
      ...(settings.memoryBytes === null ? {} : { limits: { memoryBytes: settings.memoryBytes } }),
    });
  } catch (error) {
    if (!(error instanceof NidifyError) || error.code !== 'tool-timed-out') throw error;
    throw new NidifyError({
      code: 'build-timed-out',
      message: `Nix was not done after ${settings.timeoutMs / 1000} s and was ended`,
      hint: 'Give it longer with --timeout SECONDS; what was built already is kept.',
      exitCode: ExitCode.buildFailed,
      cause: error,
    });
  }
}

/** The newest of the versions of Nix that the plan's inputs need; null where it has none. */
export function minimumNixOf({ nixpkgs }: Pick<Plan, 'nixpkgs'>): string | null {
  const versions = nixpkgs.map(({ minimumNix }) => minimumNix).sort(byNumbers);
  return versions.at(-1) ?? null;
}

/** Nix's own settings as it prints them, by name; null where it does not. */
export async function nixConfiguration(settings: NixSettings, cwd: string): Promise<unknown> {
  const { exitCode, stdout } = await nix(['show-config', '--json'], settings, { cwd });
  if (exitCode !== 0) return null;
  try {
    return JSON.parse(stdout.toString('utf8'));
  } catch {
    return null;
  }
}

/**
 * The version of Nix, once it is known to be new enough.
 *
 * @param minimum the newest `minimumNix` of the plan's inputs, such as `2.18`
 * @throws NidifyError `tool-missing`, `nix-too-old` (exit 4)
 */
export async function nixVersion(minimum: string, settings: NixSettings, cwd: string): Promise<string> {
  const { stdout } = await exec({
    program: 'nix',
    args: ['--version'],
    cwd,
    timeoutMs: 30_000,
    signal: settings.signal,
    whenMissing: getNix,
  });
  const version = /\d+(\.\d+)+/.exec(stdout.toString('utf8'))?.[0];
  if (version === undefined) {
    throw new NidifyError({
      code: 'nix-unknown',
      message: 'the program `nix` on PATH does not say a version',
      hint: getNix,
      exitCode: ExitCode.toolMissing,
    });
  }
  if (byNumbers(version, minimum) < 0) throw tooOld(version, minimum);
  return version;
}

function tooOld(version: string, minimum: string): NidifyError {
  return new NidifyError({
    code: 'nix-too-old',
    message: `Nix ${version} is too old: the pinned nixpkgs needs ${minimum} or newer`,
    hint: "A newer one: `nix upgrade-nix` as the owner of the installation, or https://nixos.org/download. A distribution's package may lag behind.",
    exitCode: ExitCode.toolMissing,
  });
}
