#!/usr/bin/env node
// prepare.mjs SET: makes the stand-in for nixpkgs of that set ready, and says on standard output where it is, as JSON:
//   { set, release, directory, storePath, narHash }
// The tree is ../nixpkgs with a lock of today's packages. It goes into the Nix store as "source", so that a
// flake.lock with its narHash is accepted without network. Nothing is done when it is there already.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readIndex } from './debian.mjs';
import { lock } from './lock.mjs';
import { debianMirror, downloadVerified } from './mirrors.mjs';
import { withLock } from './with-lock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const channel = dirname(here);
const generated = ['debs.json', 'npm.json', 'seed.json', 'set.json'];
// Debian's pool addresses change with every point release.
const lockLifetime = Number(process.env.NIDIFY_TEST_LOCK_DAYS ?? 14) * 24 * 60 * 60 * 1000;

/** Where the tests keep what they download: NIDIFY_TEST_CACHE, else a folder of the user's cache. */
export function cacheDirectory() {
  if (process.env.NIDIFY_TEST_CACHE) return process.env.NIDIFY_TEST_CACHE;
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nidify-tests');
}

/** Makes the channel of a set ready; several processes may ask at once. */
export async function prepare(set) {
  const directory = join(cacheDirectory(), 'channels');
  mkdirSync(directory, { recursive: true });
  return withLock(join(directory, `${set}.lock`), async () => {
    const record = join(directory, `${set}.json`);
    const key = digest([join(channel, 'nixpkgs'), join(channel, 'sets'), here]);
    const known = readRecord(record);
    if (known?.key === key && existsSync(known.storePath) && existsSync(known.seedPath) && isFresh(record))
      return known;

    const lockKey = digest([
      join(channel, 'sets'),
      join(here, 'lock.mjs'),
      join(here, 'units.mjs'),
      join(here, 'debian.mjs'),
    ]);
    const lockDirectory = join(directory, `${set}-lock-${lockKey}`);
    if (!existsSync(lockDirectory) || !isFresh(lockDirectory)) {
      rmSync(lockDirectory, { recursive: true, force: true });
      await lock(set, lockDirectory);
    }
    const seed = addToStore(await busyboxSeed(directory), 'busybox-seed');
    const tree = assemble(join(directory, set), lockDirectory, seed.base32);
    const { storePath, narHash } = addToStore(tree, 'source');
    const { release } = JSON.parse(readFileSync(join(tree, 'set.json'), 'utf8'));
    const result = { set, release, directory: tree, storePath, narHash, seedPath: seed.storePath, key };
    writeFileSync(record, `${JSON.stringify(result)}\n`);
    return result;
  });
}

function readRecord(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function isFresh(path) {
  return Date.now() - statSync(path).mtimeMs < lockLifetime;
}

// The tree that plays nixpkgs: complete at its place, or not there.
function assemble(tree, lockDirectory, seedHash) {
  const next = mkdtempSync(`${tree}-new-`);
  chmodSync(next, 0o755);
  cpSync(join(channel, 'nixpkgs'), next, {
    recursive: true,
    filter: (path) => !generated.includes(basename(path)),
  });
  for (const file of readdirSync(lockDirectory)) copyFileSync(join(lockDirectory, file), join(next, file));
  writeFileSync(join(next, 'seed.json'), `${JSON.stringify({ busybox: seedHash })}\n`);
  rmSync(tree, { recursive: true, force: true });
  renameSync(next, tree);
  return tree;
}

// A folder with Debian's static busybox in bin, and nothing else.
async function busyboxSeed(directory) {
  const seed = join(directory, 'busybox-seed');
  if (existsSync(seed)) return seed;
  const mirror = debianMirror();
  const deb = (await readIndex(mirror, 'bookworm')).packages.get('busybox-static');
  const work = mkdtempSync(join(directory, '.seed-'));
  writeFileSync(join(work, 'busybox.deb'), await downloadVerified(`${mirror}/${deb.file}`, deb.sha256));
  execFileSync('dpkg-deb', ['-x', join(work, 'busybox.deb'), join(work, 'root')]);
  mkdirSync(join(work, 'seed', 'bin'), { recursive: true });
  copyFileSync(join(work, 'root', 'bin', 'busybox'), join(work, 'seed', 'bin', 'busybox'));
  chmodSync(join(work, 'seed', 'bin', 'busybox'), 0o755);
  renameSync(join(work, 'seed'), seed);
  rmSync(work, { recursive: true });
  return seed;
}

// Puts a folder into the store under a name, as fetchTarball and flakes do.
function addToStore(directory, name) {
  const work = mkdtempSync(join(tmpdir(), 'nidify-store-'));
  const source = join(work, name);
  try {
    cpSync(directory, source, { recursive: true });
    const storePath = run('nix-store', '--add-fixed', '--recursive', 'sha256', source);
    const hash = run('nix-hash', '--type', 'sha256', source);
    const base32 = run('nix-hash', '--type', 'sha256', '--to-base32', hash);
    return { storePath, base32, narHash: `sha256-${Buffer.from(hash, 'hex').toString('base64')}` };
  } finally {
    rmSync(work, { recursive: true });
  }
}

function run(program, ...args) {
  // Debian's default configuration wants a group of build users that need not exist
  const env = { ...process.env, NIX_CONFIG: 'build-users-group =\nsubstituters =' };
  return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

function digest(paths) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (!generated.includes(name)) add(join(path, name));
    } else {
      hash.update(`${path.slice(channel.length)}\0`).update(readFileSync(path));
    }
  };
  paths.forEach(add);
  return hash.digest('hex').slice(0, 16);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [set] = process.argv.slice(2);
  if (set === undefined) {
    process.stderr.write('usage: prepare.mjs SET\n');
    process.exit(2);
  }
  process.stdout.write(`${JSON.stringify(await prepare(set))}\n`);
}
