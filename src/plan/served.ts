/** What can be built of a plan. */
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Plan } from './schema.ts';

/** @throws NidifyError (exit 3) saying why */
export function refuseUnserved({ findings, environments }: Plan): void {
  const error = findings.find(({ severity }) => severity === 'error');
  if (error === undefined && environments.length > 0) return;
  throw new NidifyError({
    code: error?.code ?? 'nothing-to-build',
    message: error?.message ?? 'nothing in this repository needs an environment',
    hint: error?.hint ?? '`nidify analyze` says what was found.',
    exitCode: ExitCode.unserved,
  });
}

/**
 * The environment of a project.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function environmentOf({ environments, projects }: Plan, given: string | undefined): string {
  const first = environments.find(({ name }) => name === 'default') ?? environments[0];
  if (given === undefined) return first?.name ?? 'default';
  const wanted = path.posix.normalize(given).replace(/\/$/, '') || '.';
  const project = projects.find((each) => each.path === wanted || each.name === given);
  if (project !== undefined) return project.environment;
  throw new NidifyError({
    code: 'usage',
    message: `there is no project ${given}`,
    hint: `There are: ${projects.map((each) => each.path).join(', ')}`,
    exitCode: ExitCode.usage,
  });
}
