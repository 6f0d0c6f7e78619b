import specification from '../../templates/envrc.hbs';
import type { Plan } from '../plan/schema.ts';
import { layout } from './fragment.ts';
import { subject, wrapped } from './header.ts';
import { shellComment } from './shell.ts';

const fill = layout('shell', specification);

/**
 * `.envrc` for direnv. It enters shell.nix: the flake gives the same shell, but Nix would copy the whole
 * repository for it, and find no file that Git does not know yet.
 */
export function envrc(plan: Plan): string {
  return fill({
    header: shellComment([
      // No version: direnv asks for leave again whenever this file changes.
      `${subject(plan)}.`,
      '',
      ...wrapped(
        'For direnv: after `direnv allow`, whoever enters this folder enters the environment. With ' +
          'nix-direnv (https://github.com/nix-community/nix-direnv) that is quick, works offline and ' +
          'survives the garbage collection of Nix; without it, it is slower.',
      ),
    ]),
  });
}
