// Debian's package index, and the closure of dependencies of some of its packages.
import { gunzipSync } from 'node:zlib';
import { download } from './mirrors.mjs';

/**
 * Reads the index of one suite ("bookworm").
 * Returns packages by name ({name, version, file, sha256, section, source, depends}) and what provides a virtual one.
 */
export async function readIndex(mirror, suite, components = ['main']) {
  const packages = new Map();
  const providers = new Map();
  for (const component of components) {
    const text = gunzipSync(
      await download(`${mirror}/dists/${suite}/${component}/binary-amd64/Packages.gz`),
    ).toString();
    for (const paragraph of text.split('\n\n')) {
      const entry = readParagraph(paragraph);
      if (!entry) continue;
      packages.set(entry.name, entry);
      for (const name of entry.provides)
        providers.set(name, [...(providers.get(name) ?? []), entry.name].sort());
    }
  }
  return { suite, packages, providers };
}

/**
 * The dependencies of `tops`, followed to the end: a map from each package to the sorted names that it needs.
 * `skip(dependency, dependant)` says which are left out. Of alternatives, one that is there already is taken, else the first that exists.
 */
export function closure(index, tops, skip = () => false) {
  const needs = new Map();
  const queue = [...tops];
  for (const top of tops)
    if (!index.packages.has(top)) throw new Error(`${index.suite} has no package ${top}`);
  while (queue.length > 0) {
    const name = queue.pop();
    if (needs.has(name)) continue;
    const chosen = new Set();
    for (const alternatives of index.packages.get(name).depends) {
      const present = alternatives.filter((other) => needs.has(other) || queue.includes(other));
      const picked = pick(index, present.length > 0 ? present : alternatives, needs);
      if (picked !== undefined && picked !== name && !skip(picked, name)) chosen.add(picked);
    }
    needs.set(name, [...chosen].sort());
    queue.push(...chosen);
  }
  return needs;
}

function pick(index, alternatives, needs) {
  for (const name of alternatives) {
    if (index.packages.has(name)) return name;
    const providers = index.providers.get(name);
    if (providers) return providers.find((provider) => needs.has(provider)) ?? providers[0];
  }
  return undefined;
}

function readParagraph(paragraph) {
  const field = (key) => new RegExp(`^${key}: (.*)$`, 'm').exec(paragraph)?.[1];
  const name = field('Package');
  if (name === undefined) return undefined;
  return {
    name,
    version: field('Version'),
    file: field('Filename'),
    sha256: field('SHA256'),
    section: field('Section')?.replace(/^.*\//, '') ?? '',
    source: field('Source')?.replace(/ .*/, '') ?? name,
    depends: [field('Pre-Depends'), field('Depends')].flatMap((value) => readRelations(value)),
    provides: readRelations(field('Provides')).flat(),
  };
}

// "a (>= 1) | b:any, c [amd64]" gives [["a", "b"], ["c"]]
function readRelations(value = '') {
  return value
    .split(',')
    .map((group) =>
      group
        .split('|')
        .map((alternative) => alternative.trim().replace(/[\s(:[].*/, ''))
        .filter(Boolean),
    )
    .filter((group) => group.length > 0);
}
