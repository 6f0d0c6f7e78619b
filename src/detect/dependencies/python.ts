/** Dependencies of Python projects. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { normalName } from '../python/names.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { nameOf } from '../shared/tree.ts';
import { type DeclaredDependency, isForDevelopment } from './types.ts';

const requirement = /^\s*(?<name>[A-Za-z0-9][\w.-]*)/;

interface Place {
  path: Path;
  isDevelopment: boolean;
}

/** Standard metadata, dependency groups, and the tables that tools had before them. */
export async function ofPyproject(file: ClaimedFile): Promise<DeclaredDependency[]> {
  const document = await parseTomlFile(file);
  if (document === null) return [];
  const groups = (path: Path, isDevelopment?: boolean): Place[] =>
    entriesAt(document.value, path)
      .filter(([, value]) => typeof value === 'object')
      .map(([name]) => ({ path: [...path, name], isDevelopment: isDevelopment ?? isForDevelopment(name) }));
  const below = (places: readonly Place[], key: string): Place[] =>
    places.map(({ path, isDevelopment }) => ({ path: [...path, key], isDevelopment }));
  const environments = groups(['tool', 'hatch', 'envs'], true);
  const lists: Place[] = [
    { path: ['project', 'dependencies'], isDevelopment: false },
    ...groups(['project', 'optional-dependencies']),
    ...groups(['dependency-groups']),
    { path: ['tool', 'uv', 'dev-dependencies'], isDevelopment: true },
    ...groups(['tool', 'pdm', 'dev-dependencies'], true),
    ...below(environments, 'dependencies'),
    ...below(environments, 'extra-dependencies'),
  ];
  const keyed: Place[] = [
    { path: ['tool', 'poetry', 'dependencies'], isDevelopment: false },
    { path: ['tool', 'poetry', 'dev-dependencies'], isDevelopment: true },
    ...below(
      groups(['tool', 'poetry', 'group']).filter(({ path }) => isRecord(valueAt(document.value, path))),
      'dependencies',
    ),
  ];
  return [
    ...lists.flatMap((place) => listed(document, place)),
    ...keyed.flatMap((place) => table(document, place)),
  ];
}

export async function ofPipfile(file: ClaimedFile): Promise<DeclaredDependency[]> {
  const document = await parseTomlFile(file);
  if (document === null) return [];
  return [
    ...table(document, { path: ['packages'], isDevelopment: false }),
    ...table(document, { path: ['dev-packages'], isDevelopment: true }),
  ];
}

function listed(document: ParsedDocument, { path, isDevelopment }: Place): DeclaredDependency[] {
  const list = valueAt(document.value, path);
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, at) => {
    const name = typeof item === 'string' ? requirement.exec(item.slice(0, 500))?.groups?.name : undefined;
    return name === undefined
      ? []
      : [{ ...of(name, isDevelopment), line: () => document.line([...path, at]) }];
  });
}

function table(document: ParsedDocument, { path, isDevelopment }: Place): DeclaredDependency[] {
  return entriesAt(document.value, path).map(([name]) => ({
    ...of(name, isDevelopment),
    line: () => document.line([...path, name]),
  }));
}

function of(name: string, isDevelopment: boolean) {
  return { registry: 'pypi', name: normalName(name), isDevelopment } as const;
}

/** https://pip.pypa.io/en/stable/reference/requirements-file-format/ */
export function ofRequirements(file: ClaimedFile): DeclaredDependency[] {
  const isDevelopment = isForDevelopment(nameOf(file.path));
  return (file.text ?? '').split('\n').flatMap((line, at) => {
    const name = requirement.exec(line.slice(0, 500))?.groups?.name;
    return name === undefined ? [] : [{ ...of(name, isDevelopment), line: () => at + 1 }];
  });
}
