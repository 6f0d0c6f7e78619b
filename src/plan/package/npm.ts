/**
 * npm: `package-lock.json` has the hash of every package, which nixpkgs' `importNpmLock` fetches them by.
 * https://nixos.org/manual/nixpkgs/stable/#javascript-buildNpmPackage-importNpmLock
 */
import { npmLockVersion } from '../../detect/node/lockfiles/npm.ts';
import { parseJson } from '../../parse/json.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import { finding } from '../context.ts';
import type { Finding } from '../schema.ts';
import {
  evidenceOf,
  hashMissing,
  type Outcome,
  type Reader,
  storeName,
  textOf,
  unsupported,
} from './outcome.ts';

const manifestFile = 'package.json';
const lockName = 'package-lock.json';

/** What `npm init` writes where a person names no test: it only ever fails. */
const placeholder = /no test specified/;

/** One hash that Nix can check, as npm writes it. */
const integrity = /^sha(1|256|512)-[A-Za-z0-9+/]+={0,2}$/;

export const npmRecipe: Reader = (inventory) => {
  const manifest = jsonOf(textOf(inventory, manifestFile));
  if (manifest === null) return null;
  const because = [evidenceOf(manifestFile, 'package/npm')];
  const lockText = textOf(inventory, lockName);
  if (lockText === null) return withoutLock(inventory.paths);
  const lock = jsonOf(lockText);
  const locked = [evidenceOf(lockName, 'package/npm-lock')];
  if (lock === null) return unsupported(`${lockName} cannot be read`, null, locked);
  if (npmLockVersion(lock) < 2) {
    return hashMissing(
      `${lockName} is of version 1, which importNpmLock of nixpkgs does not read`,
      'Any later npm writes a newer one: `npm install --package-lock-only`.',
      locked,
    );
  }
  const problem = lockProblem(manifest, lock);
  if (problem !== null) return problem;

  const [name, version] = [stringAt(manifest, ['name']), stringAt(manifest, ['version'])];
  if (name === null || version === null) {
    return unsupported(
      `${manifestFile} has no "${name === null ? 'name' : 'version'}", without which npm installs nothing of it`,
      'A package that is never published has both too: `"private": true` keeps it from being published.',
      because,
    );
  }
  const test = stringAt(manifest, ['scripts', 'test']);
  return {
    recipe: {
      kind: 'npm',
      name: storeName(name),
      version: storeName(version),
      lockfile: lockName,
      build: stringAt(manifest, ['scripts', 'build']) === null ? null : 'npm run build',
      test: test === null || placeholder.test(test) ? null : 'npm test',
      because: [...because, ...locked],
    },
    findings: notPacked(manifest, inventory.paths),
  };
};

/**
 * What is installed is what `npm pack` takes, which is without what Git ignores, unless `files` or `.npmignore` say.
 * https://docs.npmjs.com/cli/v11/using-npm/developers#keeping-files-out-of-your-package
 */
function notPacked(manifest: unknown, paths: readonly string[]): Finding[] {
  const isTold = valueAt(manifest, ['files']) !== undefined || paths.includes('.npmignore');
  if (stringAt(manifest, ['scripts', 'build']) === null || isTold || !paths.includes('.gitignore')) return [];
  return [
    finding(
      'package-may-be-incomplete',
      'warning',
      'what is built is not part of the package where .gitignore names it: npm packs nothing that Git ignores',
      'Name what is built in "files" of package.json.',
      [evidenceOf(manifestFile, 'package/npm')],
    ),
  ];
}

function jsonOf(text: string | null): unknown {
  const parsed = text === null ? null : parseJson(text);
  return parsed === null || 'problem' in parsed ? null : parsed.document.value;
}

/** What of a lock file Nix could not fetch, or not find. */
function lockProblem(manifest: unknown, lock: unknown): Outcome | null {
  const packages = new Map(entriesAt(lock, ['packages']));
  const because = [evidenceOf(lockName, 'package/npm-lock')];
  const missing: string[] = [];
  for (const [path, entry] of packages) {
    if (path === '' || !isRecord(entry)) continue;
    // What the archive of another package contains comes with that.
    if (entry.inBundle === true) continue;
    if (entry.link === true || !path.includes('node_modules/')) {
      return unsupported(
        `${lockName} is that of a workspace (${path}): only a project that is alone in its lock file is built`,
        null,
        because,
      );
    }
    const from = stringAt(entry, ['resolved']) ?? '';
    const hash = stringAt(entry, ['integrity']) ?? '';
    if (!/^https?:\/\//.test(from) || !integrity.test(hash)) missing.push(path);
  }
  if (missing.length > 0) {
    return hashMissing(
      `${lockName} has no address with a hash for ${some(missing.map(nameIn))}`,
      'Packages from a registry have both after `npm install --package-lock-only`, with no "omit-lockfile-registry-resolved"; those from Git or a folder have none.',
      because,
    );
  }
  const wanted = ['dependencies', 'devDependencies'].flatMap((kind) =>
    entriesAt(manifest, [kind]).map(([name]) => name),
  );
  const unlocked = wanted.filter((name) => !packages.has(`node_modules/${name}`));
  if (unlocked.length > 0) {
    return hashMissing(
      `${lockName} does not have ${some(unlocked)}, which ${manifestFile} asks for`,
      'Bring it up to date: `npm install --package-lock-only`.',
      because,
    );
  }
  const overridden = entriesAt(manifest, ['overrides']).find(
    ([name, value]) => wanted.includes(name) && !(typeof value === 'string' && value.startsWith('$')),
  );
  if (overridden !== undefined) {
    // npm's EOVERRIDE: importNpmLock asks for files in place of versions.
    return unsupported(
      `${manifestFile} overrides ${overridden[0]}, which it also depends on: npm takes that only where both say the same, and Nix puts a file in place of one`,
      `Write "overrides": { "${overridden[0]}": "$${overridden[0]}" }, or leave the override out.`,
      [evidenceOf(manifestFile, 'package/npm')],
    );
  }
  if (valueAt(manifest, ['workspaces']) !== undefined) {
    return unsupported(
      `${manifestFile} names workspaces: only a project that is alone in its lock file is built`,
      null,
      [evidenceOf(manifestFile, 'package/npm')],
    );
  }
  return null;
}

/** Other package managers: what nixpkgs' builder for them wants is in none of their lock files. */
const otherLocks: readonly (readonly [file: string, missing: string])[] = [
  ['npm-shrinkwrap.json', 'importNpmLock of nixpkgs reads package-lock.json, and there is none'],
  [
    'pnpm-lock.yaml',
    'fetchPnpmDeps of nixpkgs wants one hash of everything that pnpm fetches, which pnpm-lock.yaml does not have',
  ],
  [
    'yarn.lock',
    'the fetchers of nixpkgs for Yarn want one hash of everything that Yarn fetches, which yarn.lock does not have',
  ],
  ['bun.lock', 'nixpkgs builds nothing from a bun.lock'],
  ['bun.lockb', 'nixpkgs builds nothing from a bun.lockb'],
];

function withoutLock(paths: readonly string[]): Outcome {
  for (const [file, missing] of otherLocks) {
    if (!paths.includes(file)) continue;
    return hashMissing(missing, 'Nix fetches nothing whose hash it does not know beforehand.', [
      evidenceOf(file, 'package/lock'),
    ]);
  }
  return hashMissing(
    'there is no package-lock.json, so nothing has a hash',
    '`npm install --package-lock-only` writes one.',
    [evidenceOf(manifestFile, 'package/npm')],
  );
}

const nameIn = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function some(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
