import { ExitCode, NidifyError } from '../errors.ts';
import type { Lock } from '../lock/types.ts';
import { type CiSystem, ciSystems, type Integration, integrationsIn } from '../render/ci/files.ts';
import type { Repository } from './repository.ts';

/** What `--ci` and `--agents` say; null where nothing was said, so that it stays as it is. */
export interface IntegrationsAsked {
  ci: readonly CiSystem[] | null;
  agents: boolean | null;
}

/** @throws NidifyError `usage` (exit 2) for a system that is none, and for `none` together with one */
export function integrationsAsked(options: {
  ci?: string[] | undefined;
  agents?: boolean | undefined;
}): IntegrationsAsked {
  const agents = options.agents ?? null;
  if (options.ci === undefined) return { ci: null, agents };
  const names = options.ci.flatMap((each) => each.split(',')).map((name) => name.trim());
  if (names.includes('none')) {
    if (names.some((name) => name !== 'none')) throw usage('`--ci none` goes with no other `--ci`');
    return { ci: [], agents };
  }
  const unknown = names.find((name) => !isCiSystem(name));
  if (unknown !== undefined) throw usage(`\`--ci ${unknown}\` is not known`);
  return { ci: names.filter(isCiSystem), agents };
}

/**
 * What to write: that which earlier runs wrote, with what is asked for now. `--ci none` and `--no-agents`
 * take it away.
 *
 * @throws NidifyError `usage` (exit 2) when something is asked for that would not lie in the repository's root
 */
export function integrationsWanted(
  asked: IntegrationsAsked,
  lock: Lock | null,
  repository: Repository,
  output: string,
): Integration[] {
  const isAsked = (asked.ci ?? []).length > 0 || asked.agents === true;
  if (isAsked && !isRoot(repository, output)) {
    throw usage(
      `files for CI and for agents belong in the root of the repository, and the output goes to ${output}`,
      'Leave `--output` out; a CI system looks for its files nowhere else.',
    );
  }
  const kept = integrationsKept(lock, repository, output);
  const keptCi = asked.ci?.length === 0 ? [] : kept.filter((each) => each !== 'agents');
  const agents = asked.agents ?? kept.includes('agents');
  return [...keptCi, ...(asked.ci ?? []), ...(agents ? (['agents'] as const) : [])];
}

/** What earlier runs wrote, as their lock says. */
export function integrationsKept(lock: Lock | null, repository: Repository, output: string): Integration[] {
  return lock === null || !isRoot(repository, output) ? [] : integrationsIn(Object.keys(lock.outputs));
}

function isRoot({ directory, isClone }: Repository, output: string): boolean {
  return !isClone && output === directory;
}

function isCiSystem(name: string): name is CiSystem {
  return (ciSystems as readonly string[]).includes(name);
}

function usage(message: string, hint = `It takes ${ciSystems.join(', ')} or none.`): NidifyError {
  return new NidifyError({ code: 'usage', message, hint, exitCode: ExitCode.usage });
}
