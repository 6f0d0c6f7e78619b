/** The pinned nixpkgs of a plan: as inputs of the flake, as parameters of shell.nix, imported. */
import type { Input, Plan } from '../plan/schema.ts';
import { ownPackages } from '../plan/tools.ts';
import { named } from '../text/named.ts';
import {
  assign,
  type Binding,
  call,
  type Expression,
  inherit,
  lambda,
  list,
  name,
  set,
  text,
} from './nix/expression.ts';
import { inconsistent, packageSet, place } from './packages.ts';
import { sequence } from './text.ts';

/** The main input: the first one. */
export function mainInput(plan: Plan): Input {
  const [first] = plan.nixpkgs;
  if (first?.input !== 'nixpkgs') throw inconsistent('its first input is not "nixpkgs"');
  return first;
}

/** `inputs = { nixpkgs.url = …; }`: a branch of NixOS/nixpkgs each; flake.lock says which revision. */
export function flakeInputs(plan: Plan): Expression {
  return set(
    plan.nixpkgs.map((input) =>
      assign([input.input, 'url'], text(`github:NixOS/nixpkgs/${channelOf(input)}`), {
        comment: reasons(input, plan),
      }),
    ),
  );
}

/** The branch, which becomes part of a URL: letters, digits, dots and hyphens. */
export function channelOf({ channel }: Input): string {
  if (/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(channel)) return channel;
  throw inconsistent(`${JSON.stringify(channel)} is no channel of nixpkgs`);
}

/** Why an older input is there at all: one line per tool that comes from it. */
function reasons({ input }: Input, plan: Plan): string[] {
  if (input === 'nixpkgs') return [];
  const tools = ownPackages(plan)
    .filter((tool) => tool.input === input)
    .map((tool) => {
      const old = tool.status === 'supported' ? 'not in the newer one' : tool.status;
      const where = place(tool);
      return `${named(tool)}: ${old}${where === null ? '' : `, asked for by ${where}`}`;
    });
  if (tools.length > 0) return tools;
  const names = [...plan.libraries, ...plan.tools].filter((each) => each.input === input);
  return names.length === 0 ? [] : [`for ${names.map((each) => each.attribute).join(', ')}`];
}

/** `pkgs = import nixpkgs { … };` for each input. */
export function imports(plan: Plan): Binding[] {
  return plan.nixpkgs.map((input) =>
    assign(
      packageSet(input.input),
      call(
        name('import'),
        name(input.input),
        set([inherit('system'), assign('config', config(input, plan)), assign('overlays', list([]))]),
      ),
    ),
  );
}

/** Permits by name, for this input only: https://nixos.org/manual/nixpkgs/stable/#chap-packageconfig */
function config(input: Input, plan: Plan): Expression {
  const { unfree, insecure } = input.permit;
  return set([
    ...permit('allowUnfreePredicate', unfree, 'Not free software: no binary cache has it.'),
    ...permit('allowInsecurePredicate', insecure, insecureReason(input, plan)),
    ...deprecated(input, plan),
  ]);
}

function permit(attribute: string, names: readonly string[], why: string): Binding[] {
  if (names.length === 0) return [];
  const allowed = call(
    name('builtins', 'elem'),
    call(name('lib', 'getName'), name('package')),
    list(names.map(text)),
  );
  return [assign(attribute, lambda('package', allowed), { comment: [why] })];
}

function insecureReason({ input }: Input, plan: Plan): string {
  const tools = ownPackages(plan)
    .filter((tool) => tool.input === input && tool.status === 'insecure')
    .map((tool) => `${named(tool)} (${place(tool)})`);
  const whom = tools.length === 0 ? '' : `, permitted for ${sequence(tools, 4)}`;
  return `Known to be insecure${whom}: binary caches rarely have it.`;
}

/** nixpkgs 26.05 is the last that has this system, and warns at each evaluation. */
function deprecated(input: Input, plan: Plan): Binding[] {
  if (!plan.systems.includes('x86_64-darwin') || !/-26\.05$/.test(input.channel)) return [];
  return [assign('allowDeprecatedx86_64Darwin', name('true'))];
}
