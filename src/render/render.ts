/** The plan as files. Nothing but the plan is read: the same plan gives the same bytes everywhere. */
import type { Plan } from '../plan/schema.ts';
import type { Integration } from './ci/files.ts';
import { envrc } from './envrc.ts';
import { flakeNix } from './flake.ts';
import { flakeLock } from './flake-lock.ts';
import { packageNix } from './package.ts';
import { servicesIn, servicesNix } from './services.ts';
import { defaultEnvironment, shellNix } from './shell-nix.ts';
import { type GeneratedFile, inRepository, type Placing } from './types.ts';

/**
 * The files of an environment, in the order in which they are shown: `flake.nix`, `flake.lock`,
 * `shell.nix`, `services.nix` where there are some to start, `package.nix` where something is built, `.envrc`, then
 * what else was asked for. `nidify.lock` is made of the plan and of these (src/lock/make.ts).
 *
 * @param wanted files for CI systems and coding agents
 * @param placing where the files go: some of them name the repository's folder
 * @throws NidifyError `unprintable-value`, `attribute-invalid` or `plan-inconsistent` (exit 3) for a plan
 *   that no planner of ours makes
 */
export async function render(
  plan: Plan,
  wanted: readonly Integration[] = [],
  placing: Placing = inRepository,
): Promise<GeneratedFile[]> {
  return [
    file('flake.nix', flakeNix(plan)),
    file('flake.lock', flakeLock(plan)),
    file('shell.nix', shellNix(plan)),
    ...servicesOf(plan),
    ...(plan.packages ?? []).map((built) => file('package.nix', packageNix(built, plan))),
    file('.envrc', envrc(plan)),
    ...(await processesOf(plan)),
    ...(await containerOf(plan, placing)),
    ...(await integrationsOf(plan, wanted)),
  ];
}

function servicesOf(plan: Plan): GeneratedFile[] {
  const first = defaultEnvironment(plan);
  return servicesIn(first, plan).length === 0 ? [] : [file('services.nix', servicesNix(first, plan))];
}

/** Loaded where it is asked for. */
async function processesOf(plan: Plan): Promise<GeneratedFile[]> {
  if (plan.processCompose !== true) return [];
  const { processCompose, processComposeFile } = await import('./process-compose.ts');
  return [file(processComposeFile, processCompose(plan))];
}

/** Loaded for the container target alone. */
async function containerOf(plan: Plan, placing: Placing): Promise<GeneratedFile[]> {
  if (plan.container === undefined) return [];
  const { renderContainer } = await import('./container/render.ts');
  return renderContainer(plan, placing);
}

/** Loaded when there are any: few runs print YAML. */
async function integrationsOf(plan: Plan, wanted: readonly Integration[]): Promise<GeneratedFile[]> {
  if (wanted.length === 0) return [];
  const { renderIntegrations } = await import('./ci/render.ts');
  return renderIntegrations(plan, wanted);
}

function file(path: string, text: string): GeneratedFile {
  return { path, text, mode: 0o644 };
}
