#!/usr/bin/env node
// lock.mjs SET OUT: writes the lock of a set (sets/SET.json) into the folder OUT: debs.json, npm.json and set.json.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIndex } from './debian.mjs';
import { debianMirror, download, npmRegistry } from './mirrors.mjs';
import { resolve } from './units.mjs';

const sets = fileURLToPath(new URL('../sets/', import.meta.url));

/** Locks the set of that name: resolves Debian's packages and npm's versions as they are today. */
export async function lock(name, out) {
  const set = readSet(name);
  const [debs, npm] = await Promise.all([lockDebs(set.suites), lockNpm(set.npm)]);
  mkdirSync(out, { recursive: true });
  for (const [file, content] of Object.entries({ debs, npm, set })) {
    writeFileSync(join(out, `${file}.json`), `${JSON.stringify(content, null, 1)}\n`);
  }
}

/** The set as written in sets/NAME.json, its groups of packages spelled out. */
export function readSet(name) {
  const set = JSON.parse(readFileSync(join(sets, `${name}.json`), 'utf8'));
  const groups = JSON.parse(readFileSync(join(sets, 'groups.json'), 'utf8'));
  for (const [suite, entries] of Object.entries(set.suites))
    set.suites[suite] = entries.flatMap((entry) => groups[entry] ?? entry);
  return set;
}

async function lockDebs(wanted) {
  const mirror = debianMirror();
  const suites = {};
  for (const [key, tops] of Object.entries(wanted)) {
    const [suite, component] = key.split('/');
    // A package of non-free needs those of main below it.
    const index = await readIndex(mirror, suite, component ? ['main', component] : ['main']);
    suites[key] = resolve(
      index,
      tops.filter((top) => index.packages.has(top) || complain(key, top)),
    );
  }
  return { mirror, suites };
}

function complain(suite, name) {
  process.stderr.write(`${suite} has no package ${name}: left out\n`);
  return false;
}

async function lockNpm(wanted) {
  const registry = npmRegistry();
  const entries = Object.entries(wanted).map(async ([key, spec]) => {
    const [, name, major] = /^(.+)@(\d+)$/.exec(spec);
    const packument = JSON.parse(await download(`${registry}/${name.replace('/', '%2f')}`));
    const version = newest(
      Object.keys(packument.versions).filter(
        (candidate) => candidate.startsWith(`${major}.`) && !candidate.includes('-'),
      ),
    );
    const { tarball, integrity } = packument.versions[version].dist;
    return [key, { version, url: tarball, integrity }];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function newest(versions) {
  return versions.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, out] = process.argv.slice(2);
  if (out === undefined) {
    process.stderr.write('usage: lock.mjs SET OUT\n');
    process.exit(2);
  }
  await lock(name, out);
}
