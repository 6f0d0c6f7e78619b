/** Versions of Java, and the ranges of versions that Maven has. */
import {
  anyOf,
  atLeast,
  everything,
  type Interval,
  intersection,
  point,
  type VersionSet,
} from './interval.ts';
import { after, parseTuple, type Tuple } from './tuple.ts';

/** `1.8`, `8u392-b08`, `21.0.3+9.0.LTS`, `17.0.9-tem`, `openjdk-21`, `temurin64-11.0.21`, `corretto-8.392.08.1`, `openjdk17`. */
const javaVersion =
  /^(?:[A-Za-z][A-Za-z0-9]{0,40}[-_@/]){0,5}[A-Za-z]{0,40}(?<numbers>\d{1,9}(?:\.\d{1,9}){0,7})(?:u(?<update>\d{1,5}))?(?:[-+_.a-zA-Z][-+_.a-zA-Z0-9]*)?$/;

/**
 * The numbers of a version of Java, the feature release first: `1.8.0_392` and `8u392` are 8.0.392
 * (https://openjdk.org/jeps/223, https://openjdk.org/jeps/322). Names of vendors before the numbers are passed over.
 *
 * @returns null for what names no version
 */
export function javaTuple(text: string): Tuple | null {
  if (text.length > 200) return null;
  const { numbers, update } = javaVersion.exec(text.trim())?.groups ?? {};
  const tuple = numbers === undefined ? null : parseTuple(numbers);
  if (tuple === null) return null;
  const legacy = /^1\.\d+(?:\.0)?_(?<update>\d{1,5})/.exec(numbers === undefined ? '' : text.trim());
  const release = tuple[0] === 1 && tuple.length > 1 ? tuple.slice(1) : tuple;
  const patch = update ?? legacy?.groups?.update;
  return patch === undefined ? release : [release[0] ?? 0, 0, Number(patch)];
}

/** The feature release of a version: `1.8.0_392` → 8. */
export function javaFeature(text: string): number | null {
  return javaTuple(text)?.[0] ?? null;
}

/** From which release on javac no longer compiles for an old one: https://openjdk.org/jeps/182 */
const dropped: Readonly<Record<number, number>> = { 5: 9, 6: 12, 7: 20 };

/** JDKs that compile for a feature release: that one, and those after it for as long as javac has it. */
export function javaTargetSet(feature: number): VersionSet {
  const before = Object.entries(dropped).find(([release]) => feature <= Number(release))?.[1];
  return [{ from: [feature], to: before === undefined ? null : [before] }];
}

/**
 * A range of versions as Maven writes it (https://maven.apache.org/pom.html#dependency-version-requirement-specification),
 * with the meaning that the enforcer gives to a version without brackets: at least this.
 *
 * @param parse how one version is read: of Java, or of anything else
 * @returns null for what is no range
 */
export function mavenSet(text: string, parse: (version: string) => Tuple | null): VersionSet | null {
  const plain = text.replaceAll(/\s/g, '');
  if (plain === '' || plain.length > 200) return null;
  if (!/^[[(]/.test(plain)) {
    const version = parse(plain);
    return version === null ? null : [atLeast(version)];
  }
  return anyOf(plain.split(/(?<=[\])]),/).map((part) => restriction(part, parse)));
}

function restriction(text: string, parse: (version: string) => Tuple | null): VersionSet | null {
  const { open, from, comma, to, close } =
    /^(?<open>[[(])(?<from>[^,[\]()]*)(?<comma>,?)(?<to>[^,[\]()]*)(?<close>[\])])$/.exec(text)?.groups ?? {};
  if (open === undefined || from === undefined || to === undefined) return null;
  if (comma === '') {
    const version = parse(from);
    return version === null || open !== '[' || close !== ']' ? null : [point(version)];
  }
  const lowest = from === '' ? [] : parse(from);
  const highest = to === '' ? null : parse(to);
  if (lowest === null || (to !== '' && highest === null)) return null;
  const interval: Interval = {
    from: open === '(' && from !== '' ? after(lowest) : lowest,
    to: highest === null ? null : close === ']' ? after(highest) : highest,
  };
  return intersection([everything, [interval]]);
}
