/** Building an environment of the plan with Nix: in the sandbox, from a private copy, remembered. */
import { lstatSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { isRecord, valueAt } from '../parse/value.ts';
import type { Plan, System } from '../plan/schema.ts';
import type { GeneratedFile } from '../render/types.ts';
import { temporaryFolder } from '../temporary.ts';
import type { Proof } from './canary.ts';
import { closureOf, type PathInfo } from './closure.ts';
import { nixFailure } from './failure.ts';
import { fileFailure } from './files.ts';
import { fetchInputs } from './inputs.ts';
import { nixLog, type Origin } from './log.ts';
import { minimumNixOf, type NixSettings, nix, nixVersion } from './nix.ts';
import { digestOf, linkOf, machineKey, readRecord, stateFolder, writeRecord } from './state.ts';
import { localRootOf, placeOf } from './store-place.ts';
import type { BuiltEnvironment } from './types.ts';

/** The first with flakes. */
const oldestNix = '2.4';

/** Of the generated files those that are built: the flake, and what it imports. */
const builtFiles: readonly string[] = ['flake.nix', 'flake.lock', 'shell.nix'];

export interface BuildOptions {
  /** Absolute folder of the repository: what the memory of builds goes by. */
  repository: string;
  /** The generated files: `flake.nix`, `flake.lock` and `shell.nix` of them are built. */
  files: readonly GeneratedFile[];
  /** Name of the environment in the plan. */
  environment: string;
  settings: NixSettings;
  /** `<url>/<revision>.tar.gz` instead of the public address of nixpkgs; null without a mirror. */
  mirror: string | null;
  /** Another environment of the same name, remembered beside it. */
  variant?: 'runtime';
  /** Prove the sandbox now, whatever is remembered. */
  provesAnew?: boolean;
  /** Told what is happening. */
  onStatus?: (text: string) => void;
  /** Told, before anything is built, what will be. */
  onPreview?: (preview: Preview) => void;
}

/** What a build has to do. */
export interface Preview {
  /** Derivations that are compiled or made here. */
  build: string[];
  /** Store paths that come from a cache. */
  fetch: string[];
  /** `12.3 MiB download, 45.6 MiB unpacked`, in Nix's words; null when nothing is fetched. */
  size: string | null;
}

export interface Built extends BuiltEnvironment {
  /** The derivation of the environment. */
  derivation: string;
  paths: PathInfo[];
  /** What happened in the run that built it. */
  origins: Origin[];
  system: System;
  nixVersion: string;
  proof: Proof;
  /** When the sandbox was proved, in ISO 8601. */
  provedAt: string;
  /** Nothing had to be done: the build of an earlier run is still there. */
  isRemembered: boolean;
  /** The link that keeps it from being collected. */
  root: string;
}

/**
 * Builds an environment, once the sandbox is proved.
 *
 * @throws NidifyError `sandbox-missing` (exit 6), `tool-missing`, `nix-too-old` (4), `system-unserved` (3),
 *   `build-failed` and its kin (5), `not-accessible` (6), `network-unavailable`, `disk-full` (75)
 */
export async function build(plan: Plan, options: BuildOptions): Promise<Built> {
  try {
    return await buildIn(plan, options);
  } catch (error) {
    throw fileFailure(error);
  }
}

async function buildIn(plan: Plan, options: BuildOptions): Promise<Built> {
  const { settings, repository, environment, onStatus = () => {} } = options;
  const system = systemOf(plan);
  const machine = machineKey(settings);
  const memory = stateFolder(
    'builds',
    digestOf([
      ...[realpathSync(repository), environment, settings.store],
      ...(options.variant === undefined ? [] : [options.variant]),
    ]),
  );
  const copied = options.files.filter(({ path: name }) => builtFiles.includes(name));
  const digest = digestOf([machine, system, environment, copied.map(({ path: name, text }) => [name, text])]);
  const root = path.join(memory, 'environment');
  const record = path.join(memory, 'record.json');
  if (options.provesAnew !== true) {
    const known = remembered(record, digest, root);
    if (known !== null) return known;
  }

  const work = temporaryFolder('nidify-build-');
  try {
    const cwd = work.directory;
    const version = await nixVersion(minimumNixOf(plan) ?? oldestNix, settings, cwd);
    if (options.mirror !== null) {
      onStatus('fetching nixpkgs from the mirror');
      await fetchInputs(plan, options.mirror, settings, cwd);
    }
    const { proof, provedAt } = await proved(plan, system, machine, options);
    const restricted = withProvedBuilders(settings, proof);
    for (const { path: name, text } of copied) writeFileSync(path.join(cwd, name), text);
    const installables = installablesOf(plan, environment, system, cwd);
    if (options.onPreview !== undefined) options.onPreview(await preview(installables, restricted, cwd));
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
      restricted,
      {
        cwd,
        onErrorLine: (line) => {
          log.line(line);
          const status = log.status();
          if (status !== null) onStatus(status);
        },
      },
    );
    if (exitCode !== 0) throw nixFailure('building the environment', log);
    const { derivation, storePath } = firstResult(stdout);
    const paths = await closureOf(storePath, version, settings, cwd);
    const built: Built = {
      name: environment,
      storePath,
      storeDirectory: storeDirectoryOf(settings),
      closure: paths.map((info) => info.path),
      derivation,
      paths,
      origins: log.origins(),
      system,
      nixVersion: version,
      proof,
      provedAt,
      isRemembered: false,
      root,
    };
    writeRecord(record, { digest, built });
    return built;
  } finally {
    work.remove();
  }
}

/** What would be built and fetched; builds nothing. */
export async function previewOf(plan: Plan, options: BuildOptions): Promise<Preview> {
  const work = temporaryFolder('nidify-build-');
  try {
    const cwd = work.directory;
    await nixVersion(minimumNixOf(plan) ?? oldestNix, options.settings, cwd);
    if (options.mirror !== null) await fetchInputs(plan, options.mirror, options.settings, cwd);
    for (const { path: name, text } of options.files)
      if (!name.includes('/')) writeFileSync(path.join(cwd, name), text);
    return await preview(
      installablesOf(plan, options.environment, systemOf(plan), cwd),
      options.settings,
      cwd,
    );
  } finally {
    work.remove();
  }
}

async function preview(
  installables: readonly string[],
  settings: NixSettings,
  cwd: string,
): Promise<Preview> {
  const log = nixLog();
  const lines: string[] = [];
  const { exitCode } = await nix(
    ['build', '--dry-run', '--no-link', '--no-write-lock-file', ...installables],
    settings,
    {
      cwd,
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

/** The proof for this machine as it is: that of an earlier run, or a new one. */
async function proved(
  plan: Plan,
  system: System,
  machine: string,
  { settings, provesAnew, onStatus = () => {} }: BuildOptions,
): Promise<{ proof: Proof; provedAt: string }> {
  const file = path.join(stateFolder('proofs'), `${machine}.json`);
  const known = provesAnew === true ? null : readRecord(file);
  if (isProof(known) && isRecent(known)) return known;
  onStatus('proving that the sandbox holds');
  const { prove } = await import('./canary.ts');
  const proof = await prove(mainInputOf(plan), system, settings);
  const made = { proof, provedAt: new Date().toISOString() };
  // A builder that did not answer today may tomorrow.
  if (proof.builders.every(({ sandbox }) => sandbox === 'held')) writeRecord(file, made);
  return made;
}

function isProof(value: unknown): value is { proof: Proof; provedAt: string } {
  return (
    valueAt(value, ['proof', 'sandbox']) === 'held' &&
    Array.isArray(valueAt(value, ['proof', 'builders'])) &&
    typeof valueAt(value, ['provedAt']) === 'string'
  );
}

const day = 86_400_000;

/** What changes on this machine shows in the key of its proof; what changes on a builder does not. */
function isRecent({ proof, provedAt }: { proof: Proof; provedAt: string }): boolean {
  return proof.builders.length === 0 || Date.now() - Date.parse(provedAt) < day;
}

/** Nothing goes to a builder that could not be tried. A daemon may not listen: the result says where it built. */
function withProvedBuilders(settings: NixSettings, { builders }: Proof): NixSettings {
  if (builders.length === 0) return settings;
  const lines = builders.flatMap(({ sandbox, line }) => (sandbox === 'held' && line !== null ? [line] : []));
  return { ...settings, builders: lines.join('\n') };
}

/** The build of an earlier run, when it was of the same files on the same machine and is still there. */
function remembered(record: string, digest: string, root: string): Built | null {
  const known = readRecord(record);
  if (!isRecord(known) || known.digest !== digest || !isRecord(known.built)) return null;
  // One of an earlier version of nidify says too little.
  if (!isProof(known.built)) return null;
  const built = known.built as unknown as Built;
  const target = linkOf(root);
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

function installablesOf(plan: Plan, environment: string, system: System, folder: string): string[] {
  const first = plan.environments.find(({ name }) => name === 'default') ?? plan.environments[0];
  const suffix = first?.name === environment ? '' : `-${environment}`;
  const flake = `path:${folder}`;
  return [
    `${flake}#packages.${system}."environment${suffix}"`,
    `${flake}#devShells.${system}."${environment}"`,
  ];
}

function firstResult(stdout: Buffer): { derivation: string; storePath: string } {
  const value: unknown = JSON.parse(stdout.toString('utf8'));
  const derivation = valueAt(Array.isArray(value) ? value[0] : null, ['drvPath']);
  const storePath = valueAt(Array.isArray(value) ? value[0] : null, ['outputs', 'out']);
  if (typeof derivation === 'string' && typeof storePath === 'string') return { derivation, storePath };
  throw new NidifyError({
    code: 'nix-failed',
    message: 'Nix answered in a way that nidify does not understand',
    exitCode: ExitCode.toolMissing,
  });
}

function mainInputOf({ nixpkgs }: Plan) {
  const [input] = nixpkgs;
  if (input !== undefined) return input;
  throw new NidifyError({
    code: 'plan-inconsistent',
    message: 'the plan has no nixpkgs to build with',
    exitCode: ExitCode.unserved,
  });
}

const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/**
 * The system of this machine.
 *
 * @throws NidifyError `system-unserved` (exit 3) when the plan leaves it out
 */
export function systemOf({ systems }: Plan): System {
  const name = `${architectures[process.arch] ?? process.arch}-${process.platform}`;
  const found = systems.find((system) => system === name);
  if (found !== undefined) return found;
  throw new NidifyError({
    code: 'system-unserved',
    message: `this machine is ${name}, and the environment is for ${systems.join(', ')}`,
    hint: `Name it in "systems" of nidify.jsonc, if its packages exist for it.`,
    exitCode: ExitCode.unserved,
  });
}

/** Where the store of these settings is on this machine; null for /nix/store. */
function storeDirectoryOf({ store }: NixSettings): string | null {
  const root = localRootOf(store ?? process.env.NIX_REMOTE ?? '');
  return root !== null && path.resolve(root) !== '/' ? path.join(root, 'nix', 'store') : null;
}
