/** What is built of the project, where its lock file has a hash of everything that is fetched. */

import { createHash } from 'node:crypto';
import { append } from '../../append.ts';
import type { Inventory } from '../../scan/types.ts';
import { finding } from '../context.ts';
import { ordered } from '../plan.ts';
import type { BuiltPackage, Environment, Evidence, Finding, Plan, Tool, Toolchain } from '../schema.ts';
import { cargoRecipe } from './cargo.ts';
import { goRecipe } from './go.ts';
import { npmRecipe } from './npm.ts';
import { evidenceOf, hashMissing, type Outcome, type Reader, type Recipe, unsupported } from './outcome.ts';

type Kind = Recipe['kind'];

interface Builder {
  kind: Kind;
  /** Ids of the plan: the language, and the toolchain that builds. */
  language: string;
  toolchain: string;
  recipe: Reader;
  /** The first release of nixpkgs whose builder has what a package asks of it. */
  since: string;
}

const builders: readonly Builder[] = [
  // importNpmLock
  { kind: 'npm', language: 'node', toolchain: 'node', recipe: npmRecipe, since: '24.05' },
  // cargoLock.lockFile
  { kind: 'cargo', language: 'rust', toolchain: 'rust', recipe: cargoRecipe, since: '22.05' },
  // vendorHash
  { kind: 'go', language: 'go', toolchain: 'go', recipe: goRecipe, since: '23.05' },
];

/**
 * The plan with `packages`: one, that of the root folder, or none and a finding that says why.
 *
 * Only the root: a project below it shares its lock file with others more often than not.
 */
export function withPackages(plan: Plan, inventory: Inventory): Plan {
  const found = builders.flatMap((builder) => {
    const outcome = builder.recipe(inventory);
    return outcome === null ? [] : [{ builder, outcome }];
  });
  const findings: Finding[] = elsewhere(plan);
  const packages: BuiltPackage[] = [];
  const [first, ...others] = mostCharacteristicFirst(plan, found);
  if (first === undefined) {
    findings.push(nothing(plan, inventory));
  } else {
    const made = packageOf(plan, first.builder, first.outcome);
    append(findings, made.findings);
    if (made.package !== null) packages.push(made.package);
    for (const { builder } of others) findings.push(further(first.builder, builder));
  }
  return {
    ...plan,
    repository: { ...plan.repository, digest: digestWithPackages(plan.repository.digest) },
    packages,
    findings: ordered([...plan.findings, ...findings]),
  };
}

/** Of several manifests in one folder, that of the language which the project is of. */
function mostCharacteristicFirst<T extends { builder: Builder }>(
  { projects }: Plan,
  found: readonly T[],
): T[] {
  const languages = projects.find(({ path }) => path === '.')?.languages ?? [];
  const rank = ({ builder }: T) => {
    const at = languages.findIndex(
      (language) => language === builder.language || (builder.kind === 'npm' && /script$/.test(language)),
    );
    return at === -1 ? languages.length : at;
  };
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function packageOf(
  plan: Plan,
  builder: Builder,
  outcome: Outcome,
): { package: BuiltPackage | null; findings: Finding[] } {
  if ('refused' in outcome) return { package: null, findings: [outcome.refused] };
  const { recipe } = outcome;
  const environment =
    plan.environments.find(({ projects }) => projects.includes('.')) ?? plan.environments[0];
  const toolchain = plan.toolchains.find(
    ({ id, key }) => id === builder.toolchain && environment?.packages.includes(key),
  );
  const none = (why: string, hint: string | null) => ({
    package: null,
    findings: [unsupported(why, hint, recipe.because).refused],
  });
  if (environment === undefined || toolchain === undefined) {
    return none(`the environment of the root folder has no ${builder.toolchain}`, null);
  }
  if (toolchain.attribute === 'rustup') {
    return none(
      'the toolchain that rust-toolchain names is fetched by rustup, and rustPlatform of nixpkgs brings a stable one of its own',
      'Name a stable release, or build it with a toolchain of your own choice.',
    );
  }
  const channel = plan.nixpkgs.find(({ input }) => input === toolchain.input)?.channel ?? '';
  const release = /\d\d\.\d\d$/.exec(channel)?.[0];
  if (release !== undefined && release < builder.since) {
    return none(
      `${toolchain.id} comes from ${channel}, and nixpkgs can build from ${recipe.lockfile ?? 'such files'} since ${builder.since} only`,
      `Ask for a ${toolchain.id} that is still supported.`,
    );
  }
  const inputs = inputsOf(plan, environment, toolchain, recipe);
  return {
    package: {
      project: '.',
      ...recipe,
      toolchain: toolchain.key,
      nativeBuildInputs: inputs.native,
      buildInputs: inputs.linked,
      variables: inputs.variables,
    },
    findings: [
      ...(recipe.test === null ? [untested(recipe)] : []),
      ...(outcome.findings ?? []),
      ...inputs.findings,
    ],
  };
}

/** What a program of nixpkgs is that stands among libraries: it is started while building. */
const configProgram = /\.pg_config$/;
/** Evidence of a dependency that needs something, where tools of the language have another. */
const nativeRule = /\/(dependency|native|lock|dependencies|binding-gyp)/;
/** Of these the builders of nixpkgs have their own. */
const broughtByBuilder = new Set(['python3']);
const setByBuilder = new Set([
  ...['npm_config_nodedir', 'PYTHONDONTWRITEBYTECODE', 'GOTOOLCHAIN', 'GOFLAGS', 'CGO_ENABLED'],
]);
/** Attributes of a derivation that mean nothing to nixpkgs: what else they were named could. */
const plainVariable = /^([A-Z][A-Z0-9_]*|npm_config_\w+)$/;

/** What the environment has for compiling the project's dependencies, as inputs of the build. */
function inputsOf(plan: Plan, environment: Environment, toolchain: Toolchain, recipe: Recipe) {
  const used = <T extends { key: string }>(all: readonly T[]) =>
    all.filter(({ key }) => environment.packages.includes(key));
  const files = new Set([recipe.lockfile, ...recipe.because.map(({ file }) => file)]);
  const isOfDependency = ({ because }: { because: readonly Evidence[] }) =>
    because.some(({ file, rule }) => files.has(file) && nativeRule.test(rule));
  const linked = used(plan.libraries).filter(({ use }) => use === 'link');
  const libraries = linked.filter(({ attribute }) => !configProgram.test(attribute));
  const programs = [
    ...used(plan.tools).filter(
      (tool) =>
        tool.attribute === 'pkg-config' || (isOfDependency(tool) && !broughtByBuilder.has(tool.attribute)),
    ),
    ...linked.filter(({ attribute }) => configProgram.test(attribute)),
  ];
  const fits = ({ input, systems, attribute }: Pick<Tool, 'input' | 'systems' | 'attribute'>) =>
    input === toolchain.input && systems === null && /^[A-Za-z_]/.test(attribute);
  const out = [...programs, ...libraries].filter((each) => !fits(each));
  const variables = environment.variables.filter(
    (variable) => isOfDependency(variable) && !setByBuilder.has(variable.name),
  );
  const known = new Map(
    [...plan.toolchains, ...plan.packageManagers, ...plan.tools, ...plan.libraries].map((each) => [
      each.key,
      each,
    ]),
  );
  const canPass = ({ name, value, systems }: Environment['variables'][number]) =>
    systems === null &&
    plainVariable.test(name) &&
    value.every((part) => {
      const named = typeof part === 'string' ? null : known.get(part.package);
      return named === null || (named !== undefined && fits(named));
    });
  return {
    variables: variables.filter(canPass).map(({ name, value }) => ({ name, value })),
    native: programs.filter(fits).map(({ key }) => key),
    linked: libraries.filter(fits).map(({ key }) => key),
    findings: [
      ...out.map(({ attribute, because }) =>
        finding(
          'package-input-left-out',
          'info',
          `the package is built without ${attribute}, which only some systems or another nixpkgs have`,
          null,
          because,
        ),
      ),
      ...variables
        .filter((each) => !canPass(each))
        .map(({ name, because }) =>
          finding(
            'package-input-left-out',
            'warning',
            `the package is built without the variable ${name}, which a dependency wants: only some systems or another nixpkgs have what it names`,
            'Where the build fails for want of it, it has to be built by hand.',
            because,
          ),
        ),
    ],
  };
}

function untested({ because }: Recipe): Finding {
  return finding(
    'package-without-tests',
    'info',
    'the flake has no check: package.json names no test',
    'Name one as "test" in its "scripts".',
    because,
  );
}

/** Projects below the root are not built, but for the packages of its Cargo workspace. */
function elsewhere({ projects }: Plan): Finding[] {
  const isMember = ({ because }: Plan['projects'][number]) =>
    because.some(({ rule }) => rule === 'rust/workspace-member');
  const below = projects.filter((project) => project.path !== '.' && !isMember(project));
  if (below.length === 0) return [];
  const shown = below.slice(0, 3).map(({ path }) => path);
  return [
    finding(
      'package-root-only',
      'info',
      `only the root folder is built, not ${shown.join(', ')}${below.length > 3 ? ` and ${below.length - 3} more` : ''}`,
      null,
      below.flatMap(({ because }) => because.slice(0, 1)),
    ),
  ];
}

function further(built: Builder, other: Builder): Finding {
  return finding(
    'package-root-only',
    'info',
    `the root folder is built with ${built.kind}; what ${other.kind} would build of it is not`,
    null,
    [],
  );
}

/** Files that name dependencies of Python and others, whose packages nixpkgs cannot fetch by them. */
const unbuildable = [
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile.lock',
  'requirements.txt',
  'pyproject.toml',
  'deno.lock',
  'deno.json',
];

function nothing(plan: Plan, { paths }: Inventory): Finding {
  const file = unbuildable.find((each) => paths.includes(each));
  if (file === undefined) {
    return unsupported(
      'there is no package.json, Cargo.toml or go.mod in the root folder',
      plan.projects.length === 0 ? null : 'Only the root folder of a repository is built.',
      [],
    ).refused;
  }
  return hashMissing(
    `nixpkgs has no builder that fetches what ${file} names by hashes in it`,
    file.startsWith('deno')
      ? 'By hand, a fixed-output derivation fetches them all, with one hash that Nix says when it is built.'
      : 'By hand, buildPythonApplication of nixpkgs builds it with the versions that nixpkgs has.',
    [evidenceOf(file, 'package/lock')],
  ).refused;
}

/** Another plan than that of the same files without packages. */
function digestWithPackages(digest: string): string {
  return `sha256-${createHash('sha256').update(`${digest}\npackages`).digest('base64')}`;
}
