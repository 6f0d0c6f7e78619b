/** Dependencies that a project's manifests name, whatever the format. */
import { entriesAt, isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { itemsOf } from './ini.ts';
import type { IniManifest, Manifests, TomlManifest } from './manifests.ts';
import { canApply } from './markers.ts';
import { normalName } from './names.ts';
import { extrasOf, parseRequirement } from './pep508.ts';
import { type PlacedLine, type ReadRequirements, readRequirements } from './requirements-files.ts';
import { type ListUse, listedExtras, listedRequirements } from './setup-py.ts';

/** What a dependency is for: how it gets installed depends on it. */
export type Group =
  | { kind: 'main' }
  /** An extra of the package: installed on request. */
  | { kind: 'extra'; name: string }
  /** A group of development dependencies. */
  | { kind: 'group'; name: string; from: 'standard' | 'poetry' | 'poetry-optional' | 'tool' }
  | { kind: 'file'; path: string }
  /** `tests_require` of setuptools, which nothing installs any more. */
  | { kind: 'tests' }
  /** Only to build the package. */
  | { kind: 'build' };

export interface Declared {
  /** Normalised. */
  name: string;
  extras: readonly string[];
  /** The one version that it allows, else null. */
  version: string | null;
  group: Group;
  because(): Evidence;
}

export interface Declarations {
  all: Declared[];
  requirements: ReadRequirements[];
}

/** Every dependency that can apply on nidify's systems, in the order of the manifests. */
export function declaredDependencies(inventory: Inventory, manifests: Manifests): Declarations {
  const { pyproject, pipfile, hatchToml, setupCfg, setupPy } = manifests;
  const requirements = manifests.requirements
    .filter(({ role }) => role !== 'other')
    .map(({ file }) => readRequirements(inventory, file));
  const all = [
    ...requirements.flatMap((read) => read.lines.flatMap((line) => fromLine(line, read.file.path))),
    ...(pyproject === null ? [] : fromPyproject(pyproject)),
    ...(pyproject === null ? [] : fromPoetry(pyproject)),
    ...(pipfile === null ? [] : fromPipfile(pipfile)),
    ...(pyproject === null ? [] : fromHatch(pyproject, ['tool', 'hatch', 'envs'])),
    ...(hatchToml === null ? [] : fromHatch(hatchToml, ['envs'])),
    ...(setupCfg === null ? [] : fromSetupCfg(setupCfg)),
  ];
  if (setupPy !== null) {
    for (const { extra, value, line } of listedExtras(setupPy.text ?? '')) {
      add(all, value, { kind: 'extra', name: extra }, () => evidence(setupPy, line, 'python/setup-py'));
    }
    for (const { use, value, line } of listedRequirements(setupPy.text ?? '')) {
      add(all, value, groupsByUse[use], () => evidence(setupPy, line, 'python/setup-py'));
    }
  }
  return { all, requirements };
}

const groupsByUse: Record<ListUse, Group> = {
  run: { kind: 'main' },
  test: { kind: 'tests' },
  build: { kind: 'build' },
};

function add(into: Declared[], text: string, group: Group, because: () => Evidence): void {
  const requirement = parseRequirement(text);
  if (requirement === null || (requirement.marker !== null && !canApply(requirement.marker))) return;
  const { name, extras, version } = requirement;
  into.push({ name, extras, version, group, because });
}

function fromLine(line: PlacedLine, path: string): Declared[] {
  if (line.kind !== 'requirement') return [];
  const { name, extras, version, marker } = line.requirement;
  if (marker !== null && !canApply(marker)) return [];
  const because = () => evidence(line.file, line.line, 'python/requirements');
  return [{ name, extras, version, group: { kind: 'file', path }, because }];
}

/**
 * https://packaging.python.org/en/latest/specifications/pyproject-toml/,
 * https://packaging.python.org/en/latest/specifications/dependency-groups/
 */
function fromPyproject(manifest: TomlManifest): Declared[] {
  const found: Declared[] = [];
  const list = (path: Path, group: Group, rule: string) => {
    const items = valueAt(manifest.value, path);
    if (!Array.isArray(items)) return;
    items.forEach((item: unknown, at) => {
      if (typeof item === 'string') add(found, item, group, () => manifest.because([...path, at], rule));
    });
  };
  const rule = 'python/dependencies';
  list(['project', 'dependencies'], { kind: 'main' }, rule);
  for (const [name] of entriesAt(manifest.value, ['project', 'optional-dependencies'])) {
    list(['project', 'optional-dependencies', name], { kind: 'extra', name }, rule);
  }
  for (const [name] of entriesAt(manifest.value, ['dependency-groups'])) {
    list(['dependency-groups', name], { kind: 'group', name, from: 'standard' }, 'python/dependency-groups');
  }
  list(['tool', 'uv', 'dev-dependencies'], { kind: 'group', name: 'dev', from: 'tool' }, 'python/uv-dev');
  for (const [name] of entriesAt(manifest.value, ['tool', 'pdm', 'dev-dependencies'])) {
    list(['tool', 'pdm', 'dev-dependencies', name], { kind: 'group', name, from: 'tool' }, 'python/pdm-dev');
  }
  list(['tool', 'flit', 'metadata', 'requires'], { kind: 'main' }, rule);
  list(['build-system', 'requires'], { kind: 'build' }, 'python/build-system');
  return found;
}

/** https://python-poetry.org/docs/pyproject/#dependencies-and-dependency-groups */
function fromPoetry(manifest: TomlManifest): Declared[] {
  const found: Declared[] = [];
  const extras = poetryExtras(manifest);
  const table = (path: Path, group: Group) => {
    for (const [name, value] of entriesAt(manifest.value, path)) {
      if (name === 'python') continue;
      const because = () => manifest.because([...path, name], 'python/poetry-dependencies');
      // An optional one belongs to an extra, which Poetry knows by another table.
      const extra = valueAt(value, ['optional']) === true ? extras.get(normalName(name)) : undefined;
      pushTable(found, name, value, extra === undefined ? group : { kind: 'extra', name: extra }, because);
    }
  };
  const base = ['tool', 'poetry'];
  table([...base, 'dependencies'], { kind: 'main' });
  table([...base, 'dev-dependencies'], { kind: 'group', name: 'dev', from: 'poetry' });
  for (const [name, group] of entriesAt(manifest.value, [...base, 'group'])) {
    const from = valueAt(group, ['optional']) === true ? 'poetry-optional' : 'poetry';
    table([...base, 'group', name, 'dependencies'], { kind: 'group', name, from });
  }
  return found;
}

/** The first extra of Poetry's that names a package, by that package. */
function poetryExtras(manifest: TomlManifest): Map<string, string> {
  const extras = new Map<string, string>();
  for (const [extra, members] of entriesAt(manifest.value, ['tool', 'poetry', 'extras'])) {
    for (const member of stringsAt(members, []).map(normalName)) {
      if (!extras.has(member)) extras.set(member, extra);
    }
  }
  return extras;
}

/** https://pipenv.pypa.io/en/latest/pipfile.html */
function fromPipfile(manifest: TomlManifest): Declared[] {
  const found: Declared[] = [];
  for (const [section, group] of [
    ['packages', { kind: 'main' }],
    ['dev-packages', { kind: 'group', name: 'dev', from: 'tool' }],
  ] as const) {
    for (const [name, value] of entriesAt(manifest.value, [section])) {
      pushTable(found, name, value, group, () => manifest.because([section, name], 'python/pipfile'));
    }
  }
  return found;
}

/** A dependency as Poetry and Pipenv write it: a constraint, or a table (Poetry: several tables). */
function pushTable(
  found: Declared[],
  name: string,
  value: unknown,
  group: Group,
  because: () => Evidence,
): void {
  const choices = (Array.isArray(value) ? value : [value]).filter(appliesHere);
  if (choices.length === 0) return;
  const first: unknown = choices[0];
  const constraint = typeof first === 'string' ? first : stringAt(first, ['version']);
  const extras = stringsAt(first, ['extras']);
  const version = /^(?:={2,3}\s*)?(?<version>\d[\w.!+-]*)$/.exec(constraint?.trim() ?? '')?.groups?.version;
  found.push({
    name: normalName(name),
    extras: extrasOf(extras.join(',')),
    version: version ?? null,
    group,
    because,
  });
}

function appliesHere(value: unknown): boolean {
  if (!isRecord(value)) return typeof value === 'string';
  const marker = stringAt(value, ['markers']);
  const platform = stringAt(value, ['platform']);
  const sysPlatform = stringAt(value, ['sys_platform']);
  return (
    (marker === null || canApply(marker)) &&
    (platform === null || canApply(`sys_platform == '${platform.replaceAll("'", '')}'`)) &&
    (sysPlatform === null || canApply(`sys_platform ${sysPlatform}`))
  );
}

/** https://hatch.pypa.io/latest/config/environment/overview/#dependencies */
function fromHatch(manifest: TomlManifest, base: Path): Declared[] {
  const found: Declared[] = [];
  for (const [environment] of entriesAt(manifest.value, base)) {
    for (const key of ['dependencies', 'extra-dependencies']) {
      const path = [...base, environment, key];
      const group: Group = { kind: 'group', name: environment, from: 'tool' };
      for (const [at, text] of stringsAt(manifest.value, path).entries()) {
        add(found, text, group, () => manifest.because([...path, at], 'python/hatch-dependencies'));
      }
    }
  }
  return found;
}

/** https://setuptools.pypa.io/en/latest/userguide/declarative_config.html */
function fromSetupCfg({ file, lines, ini }: IniManifest): Declared[] {
  const found: Declared[] = [];
  const list = (section: string, key: string, group: Group) => {
    const entry = ini.get(section)?.entries.get(key);
    if (entry === undefined) return;
    for (const { text, line } of itemsOf(lines, entry)) {
      add(found, text, group, () => evidence(file, line, 'python/setup-cfg'));
    }
  };
  list('options', 'install_requires', { kind: 'main' });
  list('options', 'tests_require', { kind: 'tests' });
  list('options', 'setup_requires', { kind: 'build' });
  for (const [name] of ini.get('options.extras_require')?.entries ?? []) {
    list('options.extras_require', name, { kind: 'extra', name });
  }
  return found;
}
