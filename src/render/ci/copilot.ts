/**
 * The set-up of GitHub's coding agent. It looks for one job of this name, on the default branch, and takes
 * of it `steps`, `permissions`, `runs-on`, `services`, `snapshot` and `timeout-minutes` (at most 59) only:
 * https://docs.github.com/en/copilot/how-tos/use-copilot-agents/coding-agent/customize-the-agent-environment
 */
import type { Plan } from '../../plan/schema.ts';
import { shellWord } from '../shell.ts';
import { defaultEnvironment } from '../shell-nix.ts';
import { pinned, yamlDocument } from '../yaml.ts';
import { actions } from './actions.ts';
import { integrationHeader } from './header.ts';
import { inFolder, projectSteps, withoutExpressions } from './steps.ts';
import { checkout, installNix, nixCache } from './workflow.ts';

export function copilotSetup(plan: Plan, path: string, script: string): string {
  const changed = { paths: [path, script] };
  const header = integrationHeader(
    plan,
    "Prepares the machine of GitHub's coding agent: the environment's programs are on PATH when it starts.",
    '--no-agents',
  );
  const first = defaultEnvironment(plan).name;
  const installs = projectSteps(plan, 'install').filter(({ project }) => project.environment === first);
  return yamlDocument(
    header,
    {
      name: 'Copilot Setup Steps',
      // Runs on its own where it changes: a broken one is seen before an agent meets it.
      on: { workflow_dispatch: {}, push: changed, pull_request: changed },
      // Of the job, not the workflow: what the agent takes.
      jobs: {
        'copilot-setup-steps': {
          'runs-on': 'ubuntu-24.04',
          'timeout-minutes': 45,
          permissions: { contents: 'read' },
          steps: [
            checkout(pinned(actions.checkout)),
            installNix(pinned(actions.installNix)),
            nixCache(actions.cacheNix),
            { name: 'Build the environment', run: `sh ${shellWord(script)}` },
            ...installs.map((step) => ({
              name: step.name,
              run: withoutExpressions(`sh ${shellWord(script)} ${inFolder(step)}`),
            })),
          ],
        },
      },
    },
    ['steps'],
  );
}
