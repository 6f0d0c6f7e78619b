/**
 * The base image of the container tests: Debian trixie as it is in debian:trixie-slim, made by debootstrap, because
 * the machines of the tests reach Debian's packages and no container registry. A tar file in the test cache.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cacheDirectory } from '../../test/channel/tools/prepare.mjs';

/** Where the file is, or will be. */
export function baseImageFile() {
  return path.join(cacheDirectory(), 'images', 'trixie.tar');
}

/** Makes the file, in about a minute; throws where that is not possible. */
export function makeBaseImage() {
  const file = baseImageFile();
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(file), 'making-'));
  try {
    const root = path.join(work, 'root');
    const mirror = process.env.NIDIFY_TEST_DEBIAN ?? 'http://deb.debian.org/debian';
    const variant = ['--variant=minbase', '--include=ca-certificates'];
    run('debootstrap', [...variant, 'trixie', root, mirror]);
    const slim = ['var/cache/apt/archives', 'var/lib/apt/lists', 'usr/share/doc', 'usr/share/man'];
    for (const each of slim) run('find', [path.join(root, each), '-type', 'f', '-delete']);
    const tar = path.join(work, 'base.tar');
    run('tar', ['--numeric-owner', '--one-file-system', '-C', root, '-cf', tar, '.']);
    renameSync(tar, file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return file;
}

function run(program, args) {
  const { status, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0)
    throw new Error(`${program}: ${error?.message ?? stderr.trim().split('\n').slice(-3).join(' ')}`);
}
