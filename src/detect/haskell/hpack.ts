/** package.yaml: https://github.com/sol/hpack#readme */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, valueAt } from '../../parse/value.ts';
import { addDependencies, type HaskellPackage } from './cabal.ts';

/** Null for a package.yaml that is another tool's. */
export function readHpack(document: ParsedDocument): HaskellPackage | null {
  const { value } = document;
  if (
    !isRecord(value) ||
    !['library', 'executables', 'executable', 'dependencies', 'tests'].some((key) => key in value)
  )
    return null;
  const found: HaskellPackage = {
    name: stringAt(value, ['name']),
    testedWith: null,
    base: [],
    dependencies: [],
    executables: entriesAt(value, ['executables']).map(([name]) => name),
    hasTests: isRecord(value.tests) && Object.keys(value.tests).length > 0,
    libraries: [],
  };
  const tested = valueAt(value, ['tested-with']);
  const text = Array.isArray(tested) ? tested.join(', ') : tested;
  if (typeof text === 'string') found.testedWith = { text, line: document.line(['tested-with']) ?? 1 };
  if (isRecord(value.executable) && found.name !== null) found.executables.push(found.name);
  const components: Path[] = [[], ['library'], ['executable']];
  for (const kind of ['executables', 'tests', 'benchmarks', 'internal-libraries']) {
    for (const [name] of entriesAt(value, [kind])) components.push([kind, name]);
  }
  for (const component of components) {
    const path = [...component, 'dependencies'];
    const list = valueAt(value, path);
    const entries: [string, Path][] = Array.isArray(list)
      ? list.flatMap((each, at): [string, Path][] => {
          const name = typeof each === 'string' ? each : stringAt(each, ['name']);
          return name === null ? [] : [[name, [...path, at]]];
        })
      : isRecord(list)
        ? Object.entries(list).map(([name, bound]): [string, Path] => [
            typeof bound === 'string' ? `${name} ${bound}` : name,
            [...path, name],
          ])
        : typeof list === 'string'
          ? [[list, path]]
          : [];
    for (const [entry, at] of entries)
      addDependencies(found, { text: entry.replaceAll(',', ' '), line: document.line(at) ?? 1 });
    for (const [key, kind] of [
      ['extra-libraries', 'library'],
      ['pkg-config-dependencies', 'pkg-config'],
    ] as const) {
      const names = valueAt(value, [...component, key]);
      for (const name of Array.isArray(names) ? names : [names]) {
        if (typeof name === 'string')
          found.libraries.push({
            key: `${kind}:${name.split(/\s/)[0]}`,
            line: document.line([...component, key]) ?? 1,
          });
      }
    }
  }
  return found;
}
