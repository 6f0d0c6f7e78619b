import specification from '../../templates/shell.nix.hbs';
import type { Environment, Plan } from '../plan/schema.ts';
import { slug } from '../text/slug.ts';
import { hasProgramsOn, hasVenv, shellOf } from './environment.ts';
import { layout } from './fragment.ts';
import { origin, title } from './header.ts';
import { imports, mainInput } from './inputs.ts';
import {
  assign,
  type Binding,
  call,
  type Expression,
  inherit,
  name,
  operation,
  set,
  text,
} from './nix/expression.ts';
import { attributeName } from './nix/literal.ts';
import { printComment, printName, printNix, printParameters } from './nix/print.ts';
import { refusesToBuildShells } from './old-shells.ts';
import { caller, checks, isBuilt, isChecked, projectPackages } from './package.ts';
import { inconsistent, packagesOf, reference } from './packages.ts';
import { packageSets, servicesIn } from './services.ts';
import { systemCondition } from './systems.ts';
import { sequence } from './text.ts';

const fill = layout('nix', specification);

/** `shell.nix`: the environments themselves, for `nix-shell` and for the flake. */
export function shellNix(plan: Plan): string {
  const formatter = formatterOf(plan);
  const first = defaultEnvironment(plan);
  const hasServices = servicesIn(first, plan).length > 0;
  const results = [
    'shells',
    'packages',
    ...(isChecked(plan) ? ['checks'] : []),
    ...(formatter === null ? [] : ['formatter']),
  ];
  return fill({
    header: printComment([`${title(plan)}.`, '', ...origin(plan), '', ...uses(plan, hasServices)]),
    parameters: parameters(plan),
    imports: imports(plan).flatMap((binding) =>
      binding.kind === 'inherit'
        ? []
        : [
            {
              name: printName(binding.path),
              value: printNix(binding.value, { indent: 2, used: 20, bound: true }),
            },
          ],
    ),
    shells: printNix(shells(plan), { indent: 2, used: 'shells ='.length, bound: true }),
    hasVenv: plan.environments.some(hasVenv),
    hasOldShells: plan.environments.some(({ base }) => refusesToBuildShells(plan, base)),
    hasNodePrograms: hasProgramsOn('node', plan),
    hasJavaPrograms: hasProgramsOn('java', plan),
    hasServices,
    packageSets: packageSets(first, plan).map((each) => ({ name: printName([each]) })),
    imageName: printNix(text(imageName(plan))),
    packages: printNix(packages(plan), { indent: 2, used: 'packages ='.length, bound: true }),
    isBuilt: isBuilt(plan),
    callPackage: printNix(caller(plan)),
    hasChecks: isChecked(plan),
    checks: printNix(checks(), { indent: 2, used: 'checks ='.length, bound: true }),
    hasFormatter: formatter !== null,
    formatter: printNix(formatter ?? name('null'), { indent: 2, used: 'formatter ='.length, bound: true }),
    result: printNix(operation('//', shellNamed(first.name), set([inherit(...results)]))),
  });
}

/**
 * What `nix fmt` runs, where the plan has it: nixfmt-tree, because Nix names no files to it, and nixfmt alone
 * then waits for standard input (https://github.com/NixOS/nixpkgs/pull/384857). Plans made before nixfmt-tree
 * was known have nixfmt.
 */
export function formatterOf(plan: Plan): Expression | null {
  const named = (wanted: string) => plan.tools.find(({ key }) => key === wanted);
  const tool = named('nixfmt-tree') ?? named('nixfmt');
  return tool === undefined ? null : reference(tool);
}

/** The environment called `default`, else the first. */
export function defaultEnvironment({ environments }: Plan): Environment {
  const chosen = environments.find((each) => each.name === 'default') ?? environments[0];
  if (chosen === undefined) throw inconsistent('it has no environment');
  const twice = environments.find((each, index) =>
    environments.some((other, at) => at > index && other.name === each.name),
  );
  if (twice !== undefined) throw inconsistent(`two environments are called ${JSON.stringify(twice.name)}`);
  return chosen;
}

/** Names of the others, those that can be typed at a command line as they are. */
export function furtherEnvironments(plan: Plan): string[] {
  const first = defaultEnvironment(plan);
  const others = plan.environments.filter((each) => each !== first);
  return others.map((each) => each.name).filter((each) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(each));
}

function parameters(plan: Plan) {
  mainInput(plan);
  const inputs = plan.nixpkgs.map((input) => ({
    name: input.input,
    default: call(name('pinned'), text(input.input)),
  }));
  return printParameters([{ name: 'system', default: name('builtins', 'currentSystem') }, ...inputs]);
}

function shells(plan: Plan): Expression {
  const known = packagesOf(plan);
  const first = defaultEnvironment(plan);
  const alias = first.name === 'default' ? [] : [assign('default', shellNamed(first.name))];
  return set([
    ...alias,
    ...plan.environments.map((environment, index) =>
      assign(environment.name, shellOf(environment, plan, known), {
        comment: projectsOf(environment, plan),
        apart: index + alias.length > 0,
      }),
    ),
  ]);
}

function projectsOf({ projects }: Environment, plan: Plan): string[] {
  if (plan.environments.length < 2) return [];
  return [
    `For ${sequence(
      projects.map((path) => (path === '.' ? 'the root folder' : path)),
      6,
    )}`,
  ];
}

const shellNamed = (environment: string): Expression => name('shells', environment);

/** `environment` and, on Linux, `image`; for each further environment `environment-<name>`, `image-<name>`. */
function packages(plan: Plan): Expression {
  const first = defaultEnvironment(plan).name;
  const suffixes = plan.environments.map((each) => ({
    name: each.name,
    suffix: each.name === first ? '' : `-${each.name}`,
  }));
  const environments: Binding[] = [
    ...projectPackages(plan),
    ...suffixes.map((each) =>
      assign(`environment${each.suffix}`, call(name('environmentOf'), shellNamed(each.name))),
    ),
  ];
  const images: Binding[] = suffixes.map((each) =>
    assign(`image${each.suffix}`, call(name('imageOf'), name('packages', `environment${each.suffix}`))),
  );
  const linux = systemCondition(['x86_64-linux', 'aarch64-linux'], plan.systems, 'pkgs');
  if (linux === false) return set(environments);
  if (linux === null) return set([...environments, ...images]);
  return operation('//', set(environments), call(name('lib', 'optionalAttrs'), linux, set(images)));
}

/** The attributes of `packages` that are environments, as they are written in a path; the default one first. */
export function environmentAttributes(plan: Plan): string[] {
  const first = defaultEnvironment(plan).name;
  const further = plan.environments.filter(({ name }) => name !== first);
  return ['environment', ...further.map(({ name }) => attributeName(`environment-${name}`))];
}

/** A name that every registry takes; the person or the command that pushes it gives it another. */
function imageName({ repository }: Plan): string {
  return slug(repository.name).slice(0, 60).replace(/-$/, '') || 'environment';
}

function uses(plan: Plan, hasServices: boolean): string[] {
  return [
    '  nix-shell                         a shell with everything in it; so does `nix develop`',
    ...furtherEnvironments(plan).map(
      (each) => `  ${`nix-shell -A shells.${each}`.padEnd(34)}the same for "${each}"`,
    ),
    '  nix-build -A packages.environment the same as a folder',
    ...(hasServices
      ? ['  services up                       in that shell: starts what services.nix names']
      : []),
  ];
}
