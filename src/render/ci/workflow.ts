/**
 * `nidify.yml` for GitHub Actions and for Forgejo Actions, which reads the same format.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax,
 * https://forgejo.org/docs/latest/user/actions/reference/
 */
import type { Plan, System } from '../../plan/schema.ts';
import { pinned, type Yaml, yamlDocument } from '../yaml.ts';
import { actions, nodeLine, type PinnedAction } from './actions.ts';
import { integrationHeader } from './header.ts';
import { nidifyCommand, projectSteps, runInEnvironment } from './steps.ts';

/** Without this a build whose sandbox cannot be set up would go on without one. */
const sandbox = 'sandbox = true\nsandbox-fallback = false\n';

const githubRunners: Record<System, string> = {
  'x86_64-linux': 'ubuntu-24.04',
  'aarch64-linux': 'ubuntu-24.04-arm',
  'aarch64-darwin': 'macos-15',
  'x86_64-darwin': 'macos-15-intel',
};

export function githubWorkflow(plan: Plan): string {
  const system = plan.systems.find((each) => each === 'x86_64-linux') ?? plan.systems[0] ?? 'x86_64-linux';
  return workflow(plan, {
    runner: githubRunners[system],
    uses: (action) => pinned(action),
    beforeNix: [],
    afterNix: [nixCache(actions.cacheNix)],
  });
}

/** Its runners are containers as a rule, and actions of GitHub need the whole address. */
export function forgejoWorkflow(plan: Plan): string {
  return workflow(plan, {
    runner: 'docker',
    uses: (action) => pinned(action, 'https://github.com/'),
    beforeNix: [
      {
        name: 'Prepare the container',
        // What installs Nix calls it, also for root.
        run: 'command -v sudo || { apt-get update && apt-get install --yes --no-install-recommends sudo xz-utils; }',
      },
    ],
    afterNix: [],
  });
}

interface Flavour {
  runner: string;
  uses(action: PinnedAction): Yaml;
  beforeNix: Yaml[];
  afterNix: Yaml[];
}

function workflow(plan: Plan, { runner, uses, beforeNix, afterNix }: Flavour): string {
  const nidify = nidifyCommand(plan);
  const header = integrationHeader(
    plan,
    'Checks that the environment is current, builds it, and runs the commands of every project in it.',
    '--ci none',
  );
  return yamlDocument(
    header,
    {
      name: 'nidify',
      on: { push: {}, pull_request: {}, workflow_dispatch: {} },
      permissions: { contents: 'read' },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow
      concurrency: { group: '${{ github.workflow }}-${{ github.ref }}', 'cancel-in-progress': true },
      jobs: {
        environment: {
          'runs-on': runner,
          'timeout-minutes': 60,
          steps: [
            checkout(uses(actions.checkout)),
            {
              name: 'Install Node.js, for nidify itself',
              uses: uses(actions.setupNode),
              with: { 'node-version': nodeLine, 'package-manager-cache': false },
            },
            ...beforeNix,
            installNix(uses(actions.installNix)),
            ...afterNix,
            { name: 'Check that the environment is current', run: `${nidify} check` },
            { name: 'Build it in the sandbox', run: `${nidify} build --prove` },
            ...projectSteps(plan).map((step) => ({
              name: step.name,
              run: runInEnvironment(step, plan, nidify),
            })),
          ],
        },
      },
    },
    ['steps'],
  );
}

/** No token stays behind for what the project's commands run. */
export function checkout(uses: Yaml): Yaml {
  return { name: 'Check out', uses, with: { 'persist-credentials': false } };
}

export function installNix(uses: Yaml): Yaml {
  return { name: 'Install Nix', uses, with: { extra_nix_config: sandbox } };
}

/** What cache.nixos.org does not have, kept in the cache of the workflow: no secret, no other service. */
export function nixCache(action: PinnedAction): Yaml {
  return {
    name: 'Keep the Nix store',
    uses: pinned(action),
    with: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow
      'primary-key': "nix-${{ runner.os }}-${{ runner.arch }}-${{ hashFiles('flake.lock', 'shell.nix') }}",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of the workflow
      'restore-prefixes-first-match': 'nix-${{ runner.os }}-${{ runner.arch }}-',
    },
  };
}
