import specification from '../../templates/flake.nix.hbs';
import type { Plan } from '../plan/schema.ts';
import { layout } from './fragment.ts';
import { origin, subject, title } from './header.ts';
import { flakeInputs } from './inputs.ts';
import { call, inherit, list, name, text } from './nix/expression.ts';
import { printBinding, printComment, printNix, printParameters } from './nix/print.ts';
import { isBuilt, isChecked } from './package.ts';
import { formatterOf, furtherEnvironments } from './shell-nix.ts';

const fill = layout('nix', specification);

/** `flake.nix`: inputs and systems; what they make is shell.nix's. */
export function flakeNix(plan: Plan): string {
  const inputs = plan.nixpkgs.map(({ input }) => input);
  return fill({
    header: printComment([`${title(plan)}.`, '', ...origin(plan), '', ...uses(plan)]),
    description: printNix(text(subject(plan))),
    inputs: printNix(flakeInputs(plan), { indent: 2, used: 'inputs ='.length, bound: true }),
    parameters: printParameters(
      inputs.map((input) => ({ name: input })),
      { indent: 4, ellipsis: true },
    ),
    forEachSystem: printNix(call(name('nixpkgs', 'lib', 'genAttrs'), list(plan.systems.map(text))), {
      indent: 6,
      used: 'forEachSystem ='.length,
      bound: true,
    }),
    arguments: printBinding(inherit('system', ...inputs), 10),
    formatter: formatterOf(plan) !== null,
    checks: isChecked(plan),
  });
}

function uses(plan: Plan): string[] {
  const linux = plan.systems.some((system) => system.endsWith('-linux'));
  const others = furtherEnvironments(plan);
  return [
    '  nix develop               a shell with everything in it',
    ...others.map(
      (environment) => `  ${`nix develop .#${environment}`.padEnd(26)}the same for "${environment}"`,
    ),
    '  nix build .#environment   the same as a folder: `. result/activate`, `result/bin/enter COMMAND`',
    ...(isBuilt(plan) ? ['  nix build                 the project itself, built in the sandbox'] : []),
    ...(isChecked(plan) ? ['  nix flake check           its tests, in the sandbox'] : []),
    ...(linux ? ['  nix build .#image         a container image of it: `docker load < result`'] : []),
    ...(formatterOf(plan) === null ? [] : ['  nix fmt                   format Nix files']),
  ];
}
