/** One environment of the plan as a call of `mkShell`. */
import type { Environment, Plan, System } from '../plan/schema.ts';
import { libraryPathHook, shellHook } from './hooks.ts';
import {
  assign,
  type Binding,
  call,
  type Expression,
  type Item,
  lambda,
  letIn,
  lines,
  list,
  name,
  operation,
  set,
  text,
} from './nix/expression.ts';
import { attributePath } from './nix/literal.ts';
import { lacksShellWithoutCompiler } from './old-shells.ts';
import { type Package, type Packages, packageAt, packageSet, reference } from './packages.ts';
import { servicesIn } from './services.ts';
import { byCondition, systemCondition } from './systems.ts';
import { variableBindings } from './variables.ts';

interface Context {
  packages: Packages;
  plan: Plan;
  systems: readonly System[];
  /** Variable of the base's packages. */
  base: string;
}

const linux: readonly System[] = ['x86_64-linux', 'aarch64-linux'];

/** The shell of an environment: an expression over `pkgs`, `lib` and `system`. */
export function shellOf(environment: Environment, plan: Plan, packages: Packages): Expression {
  const context = { packages, plan, systems: plan.systems, base: packageSet(environment.base) };
  const { always, conditional } = variables(environment, context);
  const own = set([
    ...inputs(environment, context),
    ...hardening(environment),
    ...apart(always),
    ...apart(hook(environment, context)),
  ]);
  const shell = makeShell(environment, context, operation('//', own, ...conditional));
  return letIn([...composed(environment, context), ...libraryPath(environment, context)], shell);
}

/** https://nixos.org/manual/nixpkgs/stable/#sec-pkgs-mkShell */
function makeShell(environment: Environment, { base, plan }: Context, attributes: Expression): Expression {
  const { compiler } = environment;
  const isWithout = compiler === 'none';
  const isOld = lacksShellWithoutCompiler(plan, environment.base);
  if (isWithout && !isOld) return call(name(base, 'mkShellNoCC'), attributes);
  if (compiler === 'default') return call(name(base, 'mkShell'), attributes);
  const stdenv = name(base, ...attributePath(isWithout ? 'stdenvNoCC' : compiler));
  return call(name(base, 'mkShell', 'override'), set([assign('stdenv', stdenv)]), attributes);
}

/** Programs go where PATH is made, libraries to link where the compiler's wrapper looks. */
function inputs(environment: Environment, context: Context): Binding[] {
  const inLibraryPath = new Set(environment.libraryPath);
  const used = environment.packages.map((key) => packageAt(context.packages, key));
  const programs = used.filter(({ kind }) => kind === 'program');
  const libraries = used.filter(
    ({ kind, key }) => kind === 'link' || (kind === 'dlopen' && !inLibraryPath.has(key)),
  );
  return [
    ...optional(
      lacksShellWithoutCompiler(context.plan, environment.base) ? 'nativeBuildInputs' : 'packages',
      packageList(programs, context, {
        leading: [...venvItems(environment, context), ...servicesItems(environment, context)],
        itemOf: (each) => programItem(each, environment, context),
      }),
    ),
    ...optional('buildInputs', packageList(libraries, context)),
  ];
}

/** Whether shells of this environment put the programs of a project's `.venv` in the place of Python's own. */
export function hasVenv({ hooks }: Environment): boolean {
  return hooks.some(({ id }) => id === 'python-venv-path');
}

/** `venvPrograms` of the layout, before the interpreter that it stands in for. */
function venvItems(environment: Environment, context: Context): Item[] {
  const python = toolchainOf(environment, 'python', context);
  if (python === null || !hasVenv(environment)) return [];
  return [{ value: call(name('venvPrograms'), reference(python)) }];
}

/** `services` of the layout, which starts and stops what the environment holds for it. */
function servicesItems(environment: Environment, { plan }: Context): Item[] {
  return servicesIn(environment, plan).length === 0 ? [] : [{ value: name('services') }];
}

/** The package of an environment that is the toolchain with this id; null where it has none. */
function toolchainOf(environment: Environment, id: string, { plan, packages }: Context): Package | null {
  const toolchain = plan.toolchains.find((each) => each.id === id && environment.packages.includes(each.key));
  return toolchain === undefined ? null : packageAt(packages, toolchain.key);
}

/** Whether some environment has a program that its own runtime must run: `node` or `java`. */
export function hasProgramsOn(runtime: string, { environments, packageManagers, toolchains }: Plan): boolean {
  return environments.some(({ packages }) =>
    packageManagers.some(
      ({ key, runsOn }) =>
        runsOn === runtime &&
        packages.includes(key) &&
        toolchains.some((each) => each.id === runsOn && packages.includes(each.key)),
    ),
  );
}

/** A package as an item of PATH: one that another toolchain must run is wrapped (`withNode` and `withJava` of the layout). */
function programItem(each: Package, environment: Environment, context: Context): Item {
  const note = each.note ?? undefined;
  const manager = context.plan.packageManagers.find(({ key }) => key === each.key);
  const runtime = manager?.runsOn ? toolchainOf(environment, manager.runsOn, context) : null;
  if (manager === undefined || runtime === null) {
    return { value: referenceIn(environment, context, each), note };
  }
  const wrapper = name(manager.runsOn === 'java' ? 'withJava' : 'withNode');
  return { value: call(wrapper, reference(runtime), text(manager.id), reference(each)), note };
}

/** Toolchains of an environment that have extensions, by the name that they are bound to: `php`. */
function composedToolchains(environment: Environment, { plan, packages }: Context): Map<string, Package> {
  const all = plan.toolchains
    .filter(({ key }) => environment.packages.includes(key))
    .map(({ id, key }): [string, Package] => [id, packageAt(packages, key)]);
  return new Map(all.filter(([, { extensions }]) => extensions !== undefined));
}

/** https://nixos.org/manual/nixpkgs/stable/#ssec-php-user-guide-installing-with-extensions */
function composed(environment: Environment, context: Context): Binding[] {
  return [...composedToolchains(environment, context)].map(([id, each]) => {
    const added = list((each.extensions ?? []).map((extension) => name('all', extension)));
    const wanted = lambda(['enabled', 'all'], operation('++', name('enabled'), added));
    return assign(
      id,
      call(name(packageSet(each.input), ...attributePath(each.attribute), 'withExtensions'), wanted),
    );
  });
}

/** A package as its shell refers to it: what is composed by its binding, and what belongs to it below that. */
function referenceIn(environment: Environment, context: Context, each: Package): Expression {
  const path = attributePath(each.attribute);
  for (const [id, toolchain] of composedToolchains(environment, context)) {
    const own = attributePath(toolchain.attribute);
    const isWithin = each.input === toolchain.input && own.every((step, at) => step === path[at]);
    if (isWithin) return name(id, ...path.slice(own.length));
  }
  return reference(each);
}

function hardening({ hardeningDisable }: Environment): Binding[] {
  if (hardeningDisable.length === 0) return [];
  return [assign('hardeningDisable', list(hardeningDisable.map(text)))];
}

/** A list, with those packages that not all systems have behind it, by condition. */
function packageList(
  packages: readonly Package[],
  { systems, base }: Context,
  {
    leading = [],
    itemOf = (each) => ({ value: reference(each), note: each.note ?? undefined }),
  }: { leading?: readonly Item[]; itemOf?: (each: Package) => Item } = {},
): Expression {
  const unique = new Map(packages.toReversed().map((each) => [`${each.input} ${each.attribute}`, each]));
  const parts = byCondition([...unique.values()].reverse(), systems, base).map(({ condition, items }) => {
    const own = items.map(itemOf);
    const all = list(condition === null ? [...leading, ...own] : own);
    return condition === null ? all : call(name('lib', 'optionals'), condition, all);
  });
  const [first = list([]), ...others] = parts;
  return operation('++', first, ...others);
}

/** Constants are attributes: they are there before the shell starts, and in `nix print-dev-env --json`. */
function variables(
  environment: Environment,
  context: Context,
): { always: Binding[]; conditional: Expression[] } {
  const groups = byCondition(environment.variables, context.systems, context.base).map(
    ({ condition, items }) => ({
      condition,
      bindings: variableBindings(items, ({ package: key, attribute }) => {
        const found = packageAt(context.packages, key);
        const part =
          attribute === undefined ? found : { ...found, attribute: `${found.attribute}.${attribute}` };
        return referenceIn(environment, context, part);
      }),
    }),
  );
  return {
    always: groups.flatMap(({ condition, bindings }) => (condition === null ? bindings : [])),
    conditional: groups.flatMap(({ condition, bindings }) =>
      condition === null ? [] : [call(name('lib', 'optionalAttrs'), condition, set(bindings))],
    ),
  };
}

/** Evaluated on Linux only, so that a library which only Linux has needs no condition. */
function libraryPath(environment: Environment, context: Context): Binding[] {
  if (environment.libraryPath.length === 0) return [];
  const packages = environment.libraryPath.map((key) => packageAt(context.packages, key));
  const systems = context.systems.filter((system) => linux.includes(system));
  const libraries = packageList(packages, { ...context, systems });
  return [assign('libraryPath', call(name('lib', 'makeLibraryPath'), libraries))];
}

function hook(environment: Environment, context: Context): Binding[] {
  const hooks = environment.hooks.map(({ id }) => shellHook(id, context.base));
  if (environment.libraryPath.length > 0) hooks.push(libraryPathHook());
  const everywhere = hooks.filter((each) => !each.linux).map((each) => each.lines);
  const onLinux = hooks.filter((each) => each.linux).map((each) => each.lines);
  const condition = systemCondition(linux, context.systems, context.base);
  const parts: Expression[] = [];
  const common = condition === null ? [...everywhere, ...onLinux] : everywhere;
  if (common.length > 0) parts.push(lines(common));
  if (onLinux.length > 0 && condition !== null && condition !== false) {
    parts.push(call(name('lib', 'optionalString'), condition, lines(onLinux)));
  }
  const [first, ...others] = parts;
  return first === undefined ? [] : [assign('shellHook', operation('+', first, ...others))];
}

function optional(attribute: string, value: Expression): Binding[] {
  return value.kind === 'list' && value.items.length === 0 ? [] : [assign(attribute, value)];
}

/** An empty line before the first. */
function apart(bindings: Binding[]): Binding[] {
  return bindings.map((each, index) =>
    index === 0 && each.kind === 'assign' ? { ...each, apart: true } : each,
  );
}
