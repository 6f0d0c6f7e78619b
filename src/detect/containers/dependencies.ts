/** Dependencies that start containers, in the manifests of each ecosystem. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseGoFile } from '../go/modfile.ts';
import { parseJsonFile, parseTomlFile } from '../shared/parsed.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { type Announcing, announcing } from './kinds.ts';

interface Dependency {
  ecosystem: Announcing['ecosystem'];
  name: string;
  /** Found only when asked for: it costs a second parse. */
  line(): number | null;
}

/** Evidence by kind of container. The manifests of examples are left out, those of tests are not. */
export async function announcedContainers({ files }: Inventory): Promise<Map<string, Evidence[]>> {
  const found = new Map<string, Evidence[]>();
  for (const file of files.values()) {
    if (file.text === null || isExample(folderOf(file.path))) continue;
    for (const { ecosystem, name, line } of await dependenciesOf(file)) {
      const row = announcing.find(
        (each) => each.ecosystem === ecosystem && each.names.some((wanted) => isNamed(name, wanted)),
      );
      if (row === undefined) continue;
      const because = evidence(file, line(), `containers/${row.container}`);
      found.set(row.container, [...(found.get(row.container) ?? []), because]);
    }
  }
  return found;
}

/** Test folders often have a manifest of their own, and tests are what containers are started for. */
function isExample(folder: string): boolean {
  return isSideFolder(folder) && !/(^|\/)(tests?|e2e|__tests__)(\/|$)/i.test(folder);
}

function isNamed(name: string, wanted: string): boolean {
  return wanted.endsWith('/') ? name.startsWith(wanted) : name === wanted;
}

async function dependenciesOf(file: ClaimedFile): Promise<Dependency[]> {
  const name = nameOf(file.path);
  if (name === 'package.json') return tables(await parseJsonFile(file), 'npm', npmTables);
  if (name === 'Cargo.toml') return ofCargo(await parseTomlFile(file));
  if (name === 'go.mod') return ofGo(file.text ?? '');
  if (name === 'pyproject.toml') return ofPyproject(await parseTomlFile(file));
  if (name === 'Pipfile') return tables(await parseTomlFile(file), 'pypi', [['packages'], ['dev-packages']]);
  return /^requirements[\w.-]*\.(txt|in)$/.test(name) ||
    /(^|\/)requirements\/[\w.-]+\.(txt|in)$/.test(file.path)
    ? ofRequirements(file.text ?? '')
    : [];
}

const npmTables: Path[] = [['dependencies'], ['devDependencies'], ['optionalDependencies']];

function tables(
  document: ParsedDocument | null,
  ecosystem: Dependency['ecosystem'],
  places: readonly Path[],
): Dependency[] {
  if (document === null) return [];
  return places.flatMap((place) =>
    entriesAt(document.value, place).map(([name]) => ({
      ecosystem,
      name: ecosystem === 'pypi' ? normalized(name) : name,
      line: () => document.line([...place, name]),
    })),
  );
}

function ofCargo(document: ParsedDocument | null): Dependency[] {
  const names = ['dependencies', 'dev-dependencies', 'build-dependencies'];
  const platforms = entriesAt(document?.value, ['target']).map(([platform]) => ['target', platform]);
  const places: Path[] = [[], ['workspace'], ...platforms].flatMap((base) =>
    names.map((name) => [...base, name]),
  );
  return tables(document, 'crates', places);
}

function ofGo(text: string): Dependency[] {
  return parseGoFile(text)
    .requires.filter(({ indirect }) => !indirect)
    .map(({ path, line }) => ({ ecosystem: 'go', name: path.replace(/\/v\d+$/, ''), line: () => line }));
}

/** https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const requirement = /^\s*(?<name>[A-Za-z0-9][\w.-]*)/;

function requirements(document: ParsedDocument, path: Path): Dependency[] {
  const list = valueAt(document.value, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, at) => {
    const name = typeof item === 'string' ? requirement.exec(item)?.groups?.name : undefined;
    return name === undefined
      ? []
      : [{ ecosystem: 'pypi', name: normalized(name), line: () => document.line([...path, at]) }];
  });
}

/** Standard metadata, dependency groups, and the tables that tools had before them. */
function ofPyproject(document: ParsedDocument | null): Dependency[] {
  if (document === null) return [];
  const groups = (path: Path) => entriesAt(document.value, path).map(([name]): Path => [...path, name]);
  const lists: Path[] = [
    ['project', 'dependencies'],
    ...groups(['project', 'optional-dependencies']),
    ...groups(['dependency-groups']),
    ['tool', 'uv', 'dev-dependencies'],
    ...groups(['tool', 'pdm', 'dev-dependencies']),
    ...groups(['tool', 'hatch', 'envs']).map((path) => [...path, 'dependencies']),
    ...groups(['tool', 'hatch', 'envs']).map((path) => [...path, 'extra-dependencies']),
  ];
  const keyed: Path[] = [
    ['tool', 'poetry', 'dependencies'],
    ['tool', 'poetry', 'dev-dependencies'],
    ...groups(['tool', 'poetry', 'group'])
      .filter((path) => isRecord(valueAt(document.value, path)))
      .map((path) => [...path, 'dependencies']),
  ];
  return [...lists.flatMap((path) => requirements(document, path)), ...tables(document, 'pypi', keyed)];
}

function ofRequirements(text: string): Dependency[] {
  return text.split('\n').flatMap((line, at) => {
    const name = requirement.exec(line.slice(0, 500))?.groups?.name;
    return name === undefined ? [] : [{ ecosystem: 'pypi', name: normalized(name), line: () => at + 1 }];
  });
}
