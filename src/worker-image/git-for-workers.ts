/** Git in a worker's environment, whatever the project itself needs. */
import type { Environment, Plan, Tool } from '../plan/schema.ts';

/**
 * The same plan with Git in every environment: a worker pulls, looks at changes and commits, in an image that
 * has no other programs than its environment's. From the input that gives the environment everything else.
 *
 * Pure: renders as any plan does, and nothing of it is written.
 */
export function withGit(plan: Plan): Plan {
  const tools: Tool[] = [...plan.tools];
  const withKey = (environment: Environment): Environment => {
    const { base, packages } = environment;
    const isGit = ({ attribute, input }: Tool) => attribute === 'git' && input === base;
    let git = tools.find(isGit);
    if (git === undefined) {
      const isTaken = tools.some(({ key }) => key === 'git');
      git = {
        key: isTaken ? `git-${base}` : 'git',
        ...{ attribute: 'git', input: base, systems: null, grade: 'confirmed', because: [] },
      };
      tools.push(git);
    }
    return packages.includes(git.key) ? environment : { ...environment, packages: [...packages, git.key] };
  };
  const environments = plan.environments.map(withKey);
  return { ...plan, tools, environments };
}
