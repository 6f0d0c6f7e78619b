/** Building an environment of the plan with Nix: in the sandbox, from a private copy, remembered. */
import { realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Plan, System } from '../plan/schema.ts';
import type { GeneratedFile } from '../render/types.ts';
import { temporaryFolder } from '../temporary.ts';
import type { Proof } from './canary.ts';
import type { PathInfo } from './closure.ts';
import { fileFailure } from './files.ts';
import { fetchInputs } from './inputs.ts';
import type { Origin } from './log.ts';
import { minimumNixOf, type NixSettings, nixVersion, oldestNix } from './nix.ts';
import { proved, withProvedBuilders } from './proved.ts';
import { notUnderstood, type Preview, preview, realise, remember, remembered } from './realise.ts';
import { digestOf, machineKey, stateFolder } from './state.ts';
import type { BuiltEnvironment } from './types.ts';

/** Of the generated files those that are built: the flake, and what it imports. */
export const builtFiles: readonly string[] = ['flake.nix', 'flake.lock', 'shell.nix', 'services.nix'];

export interface BuildOptions {
  /** Absolute folder of the repository: what the memory of builds goes by. */
  repository: string;
  /** The generated files: those of `builtFiles` among them are built. */
  files: readonly GeneratedFile[];
  /** Name of the environment in the plan. */
  environment: string;
  settings: NixSettings;
  /** `<url>/<revision>.tar.gz` instead of the public address of nixpkgs; null without a mirror. */
  mirror: string | null;
  /** Another environment of the same name, remembered beside it. */
  variant?: 'runtime' | 'worker' | 'worker-runtime';
  /** Prove the sandbox now, whatever is remembered. */
  provesAnew?: boolean;
  /** Told what is happening. */
  onStatus?: (text: string) => void;
  /** Told, before anything is built, what will be. */
  onPreview?: (preview: Preview) => void;
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
    const known = remembered(record, digest);
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
    const { proof, provedAt } = await proved(mainInputOf(plan), system, machine, options);
    const restricted = withProvedBuilders(settings, proof);
    for (const { path: name, text } of copied) writeFileSync(path.join(cwd, name), text);
    const installables = installablesOf(plan, environment, system, cwd);
    if (options.onPreview !== undefined)
      options.onPreview(await preview(installables, { settings: restricted, cwd }));
    const made = await realise(installables, root, { settings: restricted, cwd, onStatus });
    const derivation = made.results[0];
    if (derivation?.outputs.out === undefined) throw notUnderstood();
    return await remember(
      { derivation: derivation.path, storePath: derivation.outputs.out },
      { record, digest, root, name: environment, system, version, origins: made.origins, proof, provedAt },
      { settings, cwd },
    );
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
    return await preview(installablesOf(plan, options.environment, systemOf(plan), cwd), {
      settings: options.settings,
      cwd,
    });
  } finally {
    work.remove();
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

/** The nixpkgs that a sandbox is proved with. */
export function mainInputOf({ nixpkgs }: Plan) {
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
export function systemOf({ systems }: Pick<Plan, 'systems'>): System {
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
