/** `package.nix`: the project itself, for `callPackage`; shell.nix calls it, the flake passes it on. */
import specification from '../../templates/package.nix.hbs';
import type { BuiltPackage, Plan } from '../plan/schema.ts';
import { layout } from './fragment.ts';
import { origin, wrapped } from './header.ts';
import { assign, type Binding, call, type Expression, list, name, set, text } from './nix/expression.ts';
import { attributePath } from './nix/literal.ts';
import { printBinding, printComment, printNix, printParameters } from './nix/print.ts';
import { inconsistent, type Package, packageAt, packageSet, packagesOf } from './packages.ts';
import { variableBindings } from './variables.ts';

const fill = layout('nix', specification);

/** https://nixos.org/manual/nixpkgs/stable/#chap-language-support */
const builders: Readonly<Record<BuiltPackage['kind'], readonly string[]>> = {
  npm: ['buildNpmPackage', 'importNpmLock'],
  cargo: ['rustPlatform'],
  go: ['buildGoModule'],
};

export function isBuilt(plan: Plan): boolean {
  return builtOf(plan) !== null;
}

/** Whether the flake has a check: the tests of the project. */
export function isChecked(plan: Plan): boolean {
  return builtOf(plan)?.test != null;
}

function builtOf({ packages = [] }: Plan): BuiltPackage | null {
  if (packages.length > 1) throw inconsistent('it has more than one package');
  return packages[0] ?? null;
}

export function packageNix(built: BuiltPackage, plan: Plan): string {
  const known = packagesOf(plan);
  const toolchain = packageAt(known, built.toolchain);
  const native = built.nativeBuildInputs.map((key) => packageAt(known, key));
  const linked = built.buildInputs.map((key) => packageAt(known, key));
  const variables = built.variables ?? [];
  const inVariables = variables.flatMap(({ value }) =>
    value.flatMap((part) => (typeof part === 'string' ? [] : [packageAt(known, part.package)])),
  );
  const hasTests = built.test !== null;
  // rustPlatform brings its own compiler.
  const named = [...(built.kind === 'cargo' ? [] : [toolchain]), ...native, ...linked, ...inVariables];
  const inputs = [
    ...optional('nativeBuildInputs', native),
    ...optional('buildInputs', linked),
    ...variableBindings(variables, (part) => own(packageAt(known, part.package))),
  ];
  return fill({
    header: printComment([
      ...wrapped(`${built.name} itself, built and tested in the sandbox by Nix: what \`nix build\` makes.`),
      '',
      ...origin(plan),
    ]),
    parameters: printParameters([
      ...['lib', ...builders[built.kind], ...new Set(named.map(parameterOf))].map((each) => ({ name: each })),
      ...(hasTests ? [{ name: 'doCheck', default: name('false') }] : []),
    ]),
    sourceName: printNix(text(`${built.name}-source`)),
    pname: printNix(text(built.name)),
    version: printNix(text(built.version)),
    toolchain: printNix(own(toolchain)),
    isNpm: built.kind === 'npm',
    isCargo: built.kind === 'cargo',
    isGo: built.kind === 'go',
    hasNoBuild: built.build === null,
    hasTests,
    hasInputs: inputs.length > 0,
    inputs: inputs.map((input) => ({ binding: printBinding(input, 2) })),
  });
}

/** `callPackage` of the input that the toolchain is from. */
export function caller(plan: Plan): Expression {
  const built = builtOf(plan);
  if (built === null) return name('null');
  return name(packageSet(packageAt(packagesOf(plan), built.toolchain).input), 'callPackage');
}

/** `default`: what `nix build` makes. */
export function projectPackages(plan: Plan): Binding[] {
  return isBuilt(plan) ? [assign('default', call(name('project'), set([])))] : [];
}

/** `test`: what `nix flake check` makes, which is the package after its tests. */
export function checks(): Expression {
  return set([assign('test', call(name('project'), set([assign('doCheck', name('true'))])))]);
}

function optional(attribute: string, packages: readonly Package[]): Binding[] {
  return packages.length === 0 ? [] : [assign(attribute, list(packages.map(own)))];
}

/** The package as package.nix has it, where its attribute is a parameter. */
function own({ attribute }: Package): Expression {
  const [first = '', ...path] = attributePath(attribute);
  return name(first, ...path);
}

const parameterOf = ({ attribute }: Package): string => attributePath(attribute)[0] ?? attribute;
