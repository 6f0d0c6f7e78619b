/**
 * What a project says of Python where it asks for none: the versions that it is tested with (tox) or
 * declares to support (classifiers), and the oldest that its linters are told of. Weaker than any request,
 * stronger than a default of ours: a project from 2019 seldom runs on what was released since. Where all of these have
 * reached their end of life, it runs on the oldest that has not more often than on the newest.
 */
import { stringAt, valueAt } from '../../parse/value.ts';
import { evidence } from '../evidence.ts';
import type { VersionRequest } from '../types.ts';
import { itemsOf } from './ini.ts';
import type { Manifests } from './manifests.ts';
import { toxEnvironments } from './tox.ts';

interface Tested {
  version: Version;
  because: () => VersionRequest['because'];
}
type Version = readonly [major: number, minor: number];

/** The first kind of hint that says something; a range from the oldest to the newest version named. */
export function versionHints(manifests: Manifests): VersionRequest[] {
  for (const tested of [fromTox(manifests), fromClassifiers(manifests)]) {
    const range = rangeOf(tested);
    if (range !== null) return [range];
  }
  return fromLinters(manifests);
}

function rangeOf(tested: readonly Tested[]): VersionRequest | null {
  // A project that lists Python 2 beside 3 runs on 3.
  const latest = tested.reduce((most, { version: [major] }) => Math.max(most, major), 0);
  const same = tested
    .filter(({ version: [major] }) => major === latest)
    .sort((a, b) => a.version[1] - b.version[1]);
  const [oldest] = same;
  const newest = same.at(-1);
  if (oldest === undefined || newest === undefined) return null;
  const [low, high] = [oldest.version[1], newest.version[1]];
  const raw = low === high ? `==${latest}.${low}.*` : `>=${latest}.${low},<${latest}.${high + 1}`;
  return { raw, scheme: 'pep440', because: newest.because(), testedUpTo: `${latest}.${high}` };
}

const classifier = /^Programming Language :: Python :: (?<major>[23])\.(?<minor>\d{1,2})$/;
const writtenClassifier = /(?<quote>["'])(?<text>Programming Language :: Python :: [23]\.\d{1,2})\k<quote>/;

function fromClassifiers({ pyproject, setupCfg, setupPy }: Manifests): Tested[] {
  const found: Tested[] = [];
  const add = (text: string, because: Tested['because']) => {
    const { major, minor } = classifier.exec(text.trim())?.groups ?? {};
    if (major !== undefined && minor !== undefined)
      found.push({ version: [Number(major), Number(minor)], because });
  };
  for (const table of [['project'], ['tool', 'poetry'], ['tool', 'flit', 'metadata']]) {
    const path = [...table, 'classifiers'];
    const values = valueAt(pyproject?.value, path);
    if (pyproject === null || !Array.isArray(values)) continue;
    values.forEach((text: unknown, at) => {
      if (typeof text === 'string') add(text, () => pyproject.because([...path, at], 'python/classifiers'));
    });
  }
  const listed = setupCfg?.ini.get('metadata')?.entries;
  const entry = listed?.get('classifiers') ?? listed?.get('classifier');
  if (setupCfg !== null && entry !== undefined) {
    for (const { text, line } of itemsOf(setupCfg.lines, entry)) {
      add(text, () => evidence(setupCfg.file, line, 'python/classifiers'));
    }
  }
  if (setupPy !== null) {
    for (const [at, line] of (setupPy.text ?? '').split('\n').entries()) {
      const text = writtenClassifier.exec(line)?.groups?.text;
      if (text !== undefined) add(text, () => evidence(setupPy, at + 1, 'python/classifiers'));
    }
  }
  return found;
}

/** `py39`, `py3.12`, and sets of them: `py{38,39,3.10}-django{32,42}`. */
const toxFactor = /\bpy(?:\{(?<set>[^{}]{0,200})\}|(?<one>[23]\.?\d{1,2})\b)/g;
const toxVersion = /^(?<major>[23])\.?(?<minor>\d{1,2})$/;

/** https://tox.wiki/en/latest/config.html#env_list */
function fromTox(manifests: Manifests): Tested[] {
  const found: Tested[] = [];
  const add = (text: string, because: Tested['because']) => {
    for (const { groups } of text.matchAll(toxFactor)) {
      for (const part of (groups?.set ?? groups?.one ?? '').split(',')) {
        const { major, minor } = toxVersion.exec(part.trim())?.groups ?? {};
        if (major !== undefined && minor !== undefined)
          found.push({ version: [Number(major), Number(minor)], because });
      }
    }
  };
  for (const { text, because } of toxEnvironments(manifests)) add(text, because);
  return found;
}

/** Linters are told the oldest version that the code must run on. */
function fromLinters({ pyproject }: Manifests): VersionRequest[] {
  if (pyproject === null) return [];
  for (const path of [
    ['tool', 'ruff', 'target-version'],
    ['tool', 'mypy', 'python_version'],
    ['tool', 'pyright', 'pythonVersion'],
  ]) {
    const text = stringAt(pyproject.value, path)?.replace(/^py(?=\d)/, '') ?? '';
    const { major, minor } = toxVersion.exec(text)?.groups ?? {};
    if (major !== undefined && minor !== undefined) {
      return [
        {
          raw: `${major}.${minor}`,
          scheme: 'minimum',
          because: pyproject.because(path, 'python/linter-target'),
        },
      ];
    }
  }
  return [];
}
