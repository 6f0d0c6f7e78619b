import specification from '../../templates/envrc.hbs';
import type { Plan } from '../plan/schema.ts';
import { layout } from './fragment.ts';
import { title } from './header.ts';
import { shellComment } from './shell.ts';

const fill = layout('shell', specification);

/** `.envrc` for direnv, whose `use flake` nix-direnv replaces by one that caches and keeps the environment. */
export function envrc(plan: Plan): string {
  return fill({
    header: shellComment([
      `${title(plan)}.`,
      'For direnv: `direnv allow` enters it with this folder. nix-direnv (https://github.com/nix-community/nix-direnv)',
      'makes that quick, and keeps the environment when Nix collects garbage.',
    ]),
  });
}
