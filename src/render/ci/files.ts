/**
 * What `generate` writes besides the environment when it is asked to: `--ci` and `--agents`. That a file of
 * one of these stands in `nidify.lock` says that it was asked for, so later runs keep it current.
 */

export const ciSystems = ['github', 'gitlab', 'forgejo'] as const;
export type CiSystem = (typeof ciSystems)[number];
export type Integration = CiSystem | 'agents';

/** Paths from the root of the repository; other places would not be looked at. */
export const integrationFiles = {
  github: ['.github/workflows/nidify.yml'],
  // Included by `.gitlab-ci.yml`, which is the user's.
  gitlab: ['.gitlab/ci/nidify.gitlab-ci.yml'],
  forgejo: ['.forgejo/workflows/nidify.yml'],
  agents: ['.github/workflows/copilot-setup-steps.yml', '.nidify/agent-setup.sh'],
} as const satisfies Record<Integration, readonly string[]>;

export const integrations: readonly Integration[] = [...ciSystems, 'agents'];

/** Those of which a file is among these paths, in one order. */
export function integrationsIn(paths: readonly string[]): Integration[] {
  return integrations.filter((each) => integrationFiles[each].some((path) => paths.includes(path)));
}
