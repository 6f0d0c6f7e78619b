/** What a version request means. */
import type { VersionRequest } from '../detect/types.ts';
import { composerSet } from './composer.ts';
import { constraintSet } from './constraints.ts';
import { gemSet } from './gem.ts';
import { hexSet } from './hex.ts';
import { atLeast, beginningWith, everything, point, type VersionSet } from './interval.ts';
import { javaTargetSet, javaTuple, mavenSet } from './java.ts';
import { juliaSet } from './julia.ts';
import { pep440Set, poetrySet } from './pep440.ts';
import { semverSet } from './semver.ts';
import { terraformSet } from './terraform.ts';
import { parseTuple, type Tuple } from './tuple.ts';

/**
 * - `set`: releases; `version` is the text of the one version that is asked for, where it is one; of several lines that
 *   satisfy, that of `preferred` comes first
 * - `name`: an alias or the name of a line, in lower case
 * - `unknown`: nothing that can be understood
 */
export type Wish =
  | { kind: 'set'; set: VersionSet; version: string | null; preferred?: Tuple }
  | { kind: 'name'; name: string }
  | { kind: 'unknown' };

/** Longer texts are no version requests: nothing of them is parsed, so the time is bounded. */
const longest = 200;

/** Schemes whose texts are sets: what is none may still be a version, or a name. */
const readers: Partial<Record<VersionRequest['scheme'], (text: string) => VersionSet | null>> = {
  semver: semverSet,
  pep440: (text) => pep440Set(text) ?? poetrySet(text),
  poetry: poetrySet,
  hex: hexSet,
  composer: composerSet,
  gem: gemSet,
  'java-range': (text) => mavenSet(text, javaTuple),
  maven: (text) => mavenSet(text, parseTuple),
  julia: juliaSet,
  terraform: terraformSet,
};

/**
 * Reads a request by its scheme; where the text does not fit the scheme, by what it looks like.
 *
 * Pre-releases: a catalogue holds releases. A pre-release in a bound stands before its release
 * (src/versions/comparison.ts); as a version of its own (`22.0.0-rc.1`, `3.13-dev`, `1.22rc1`) it means its
 * release's line of the same length.
 */
export function readRequest({ raw, scheme }: Pick<VersionRequest, 'raw' | 'scheme'>): Wish {
  const text = raw.trim();
  if (text.length > longest) return { kind: 'unknown' };
  if (text === '' || text === '*' || text === 'x') return { kind: 'set', set: everything, version: null };
  const read = readers[scheme];
  if (read !== undefined) return ofSet(read(text), text);
  if (scheme === 'cabal' || scheme === 'opam' || scheme === 'nimble' || scheme === 'shards') {
    const set = constraintSet(text, scheme);
    if (set !== null) return { kind: 'set', set, version: null };
    return parseVersion(text) === null ? nameOf(text) : { kind: 'unknown' };
  }
  if (scheme === 'java' || scheme === 'java-target') return ofJava(text, scheme);
  const version = parseVersion(text);
  if (version === null) return nameOf(text);
  return ofVersion(version, scheme);
}

function ofJava(text: string, scheme: 'java' | 'java-target'): Wish {
  const version = javaTuple(text);
  const [feature] = version ?? [];
  if (version === null || feature === undefined) return nameOf(text);
  if (scheme === 'java-target') {
    return { kind: 'set', set: javaTargetSet(feature), version: null, preferred: [feature] };
  }
  return { kind: 'set', set: [beginningWith(version)], version: version.join('.') };
}

/** `22`, `v18.17`, `22.x`, `1.22rc1`, `3.12-dev`, `9.1.0+sha512.0a`, `1.75.0-x86_64-unknown-linux-gnu`. */
const versionText =
  /^[v=]{0,2}(?<numbers>\d{1,9}(?:\.\d{1,9}){0,7})(?<wildcard>(?:\.[*xX]){0,3})(?<rest>[-+_.a-zA-Z][-+_.a-zA-Z0-9]*)?$/;

interface PlainVersion {
  numbers: Tuple;
  text: string;
  isWildcard: boolean;
}

function parseVersion(text: string): PlainVersion | null {
  const { numbers, wildcard } = versionText.exec(text)?.groups ?? {};
  const tuple = numbers === undefined ? null : parseTuple(numbers);
  if (numbers === undefined || tuple === null) return null;
  return { numbers: tuple, text: numbers, isWildcard: wildcard !== '' };
}

function ofVersion({ numbers, text, isWildcard }: PlainVersion, scheme: VersionRequest['scheme']): Wish {
  if (scheme === 'minimum') return { kind: 'set', set: [atLeast(numbers)], version: null };
  if (scheme === 'onwards')
    return { kind: 'set', set: [atLeast(numbers)], version: null, preferred: numbers };
  // "1.75" where a whole version is due means the newest of that line.
  const isWhole = scheme === 'exact' && numbers.length >= 3 && !isWildcard;
  const interval = isWhole ? point(numbers) : beginningWith(numbers);
  return { kind: 'set', set: [interval], version: isWildcard ? null : text };
}

function ofSet(set: VersionSet | null, text: string): Wish {
  if (set === null) {
    const version = parseVersion(text);
    return version === null ? nameOf(text) : ofVersion(version, 'prefix');
  }
  return {
    kind: 'set',
    set,
    version: /^[v=]*\s*(?<version>\d[\d.]*)$/.exec(text)?.groups?.version ?? null,
  };
}

function nameOf(text: string): Wish {
  return /^[a-z][-a-z0-9._/*@+]{0,80}$/i.test(text)
    ? { kind: 'name', name: text.toLowerCase() }
    : { kind: 'unknown' };
}
