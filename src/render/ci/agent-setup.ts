import specification from '../../../templates/agent-setup.hbs';
import type { Plan } from '../../plan/schema.ts';
import { layout } from '../fragment.ts';
import { inconsistent } from '../packages.ts';
import { shellComment, shellWord } from '../shell.ts';
import { environmentAttributes } from '../shell-nix.ts';
import { nixVersion } from './actions.ts';
import { integrationHeader } from './header.ts';

const fill = layout('shell', specification);

/** A script that makes the environment ready for whoever works without a person: coding agents, new machines. */
export function agentSetup(plan: Plan): string {
  const [first, ...more] = environmentAttributes(plan);
  if (first === undefined) throw inconsistent('it has no environment');
  return fill({
    header: shellComment(
      integrationHeader(
        plan,
        'Set-up for coding agents: installs Nix when there is none, builds the environment, and says how to ' +
          'enter it. With arguments it runs them as a command in the environment. Safe to run again.',
        '--no-agents',
      ),
    ),
    installer: shellWord(`https://releases.nixos.org/nix/nix-${nixVersion}/install`),
    attribute: shellWord(`packages.${first}`),
    hasMore: more.length > 0,
    more: more.map((attribute) => ({ attribute: shellWord(`packages.${attribute}`) })),
  });
}
