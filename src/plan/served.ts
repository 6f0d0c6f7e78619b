/** What can be built of a plan. */
import { projectPath } from '../detect/within.ts';
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
 * @throws NidifyError `unknown-project`, `other-project` (exit 2)
 */
export function environmentOf(plan: Plan, given: string | undefined): string {
  const { environments, projects, project: only } = plan;
  const first = environments.find(({ name }) => name === 'default') ?? environments[0];
  if (given === undefined) return first?.name ?? 'default';
  if (only !== undefined && isOutside(given, projects)) {
    throw new NidifyError({
      code: 'other-project',
      message: `the environment is for ${only} alone: nidify.lock says that \`--project\` asked for it`,
      hint: '`nidify generate --project .` writes it for all projects.',
      exitCode: ExitCode.usage,
    });
  }
  const wanted = projectPath(given, projects) ?? '.';
  const project = projects.find((each) => each.path === wanted);
  return project?.environment ?? first?.name ?? 'default';
}

/** Whether a plan for one project alone has none that is meant by these words. */
function isOutside(given: string, projects: Plan['projects']): boolean {
  try {
    return projectPath(given, projects) === null;
  } catch {
    return true;
  }
}
