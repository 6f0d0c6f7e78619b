/** The plan's packages by key, and how Nix refers to them. */
import { ExitCode, NidifyError } from '../errors.ts';
import type { Evidence, Plan, System } from '../plan/schema.ts';
import { named } from '../text/named.ts';
import { type Expression, name } from './nix/expression.ts';
import { attributePath } from './nix/literal.ts';

export interface Package {
  key: string;
  attribute: string;
  input: string;
  systems: readonly System[] | null;
  kind: 'program' | 'link' | 'dlopen';
  /** What it is composed with: `imagick` of PHP. */
  extensions?: readonly string[];
  /** What the reader should know of the line, if anything. */
  note: string | null;
}

export type Packages = ReadonlyMap<string, Package>;

/** Every package that an environment may name. */
export function packagesOf(plan: Plan): Packages {
  const services = plan.services.flatMap((each) => each.package ?? []);
  const all: readonly Versioned[] = [...plan.toolchains, ...plan.packageManagers, ...services];
  const versions = all.map((each): Package => {
    const composed = each.extensions ?? [];
    return {
      ...base(each),
      kind: 'program',
      note: versionNote(each),
      ...(composed.length === 0 ? {} : { extensions: composed.map(({ name }) => name) }),
    };
  });
  const tools = plan.tools.map((tool): Package => ({ ...base(tool), kind: 'program', note: place(tool) }));
  const libraries = plan.libraries.map(
    (library): Package => ({ ...base(library), kind: library.use, note: place(library) }),
  );
  return new Map([...versions, ...tools, ...libraries].map((each) => [each.key, each]));
}

function base({ key, attribute, input, systems }: Omit<Package, 'kind' | 'note' | 'extensions'>) {
  return { key, attribute, input, systems };
}

/**
 * The package behind a key.
 *
 * @throws NidifyError `plan-inconsistent` when the plan has none
 */
export function packageAt(packages: Packages, key: string): Package {
  const found = packages.get(key);
  if (found !== undefined) return found;
  throw inconsistent(`it names the package ${JSON.stringify(key)}, which it does not have`);
}

/** `pkgs.libpq.pg_config`; in an older input, `pkgs-24_05.nodejs_18`. */
export function reference({ input, attribute }: Pick<Package, 'input' | 'attribute'>): Expression {
  return name(packageSet(input), ...attributePath(attribute));
}

/**
 * The variable that holds an input's packages: `pkgs` for `nixpkgs`, `pkgs-24_05` for `nixpkgs-24_05`.
 *
 * @throws NidifyError `plan-inconsistent` when the input is not named like that
 */
export function packageSet(input: string): string {
  if (/^nixpkgs(-[A-Za-z0-9_-]+)?$/.test(input)) return input.replace('nixpkgs', 'pkgs');
  throw inconsistent(`the name of the input ${JSON.stringify(input)} does not begin with "nixpkgs"`);
}

/** An error of whoever made the plan. */
export function inconsistent(what: string): NidifyError {
  return new NidifyError({
    code: 'plan-inconsistent',
    message: `the plan cannot be rendered: ${what}`,
    hint: 'If nidify made this plan, that is a defect: please report it.',
    exitCode: ExitCode.unserved,
  });
}

type Versioned = Omit<Plan['toolchains'][number], 'optional'>;

function versionNote(tool: Versioned): string | null {
  const what = named(tool);
  const where = place(tool);
  if (tool.match === 'default') {
    return tool.version === null ? where : `${what} is the default: no version is asked for`;
  }
  const old = tool.status === 'supported' ? '' : `${tool.status}, `;
  const asked = where === null ? '' : `asked for by ${where}`;
  if (tool.match === 'nearest') return `${what}: ${old}nearest to ${tool.requested} (${where})`;
  return old === '' ? where : `${what}: ${old}${asked}`;
}

/** `package.json:7`, from the first evidence. */
export function place({ because: [first] }: { because: readonly Evidence[] }): string | null {
  if (first === undefined) return null;
  return first.line === null ? first.file : `${first.file}:${first.line}`;
}
