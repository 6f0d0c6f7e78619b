#!/usr/bin/env node
// get-nix.mjs SUITE DESTINATION: puts the Nix of a newer Debian ("forky") into DESTINATION/bin, beside the installed one.
// Every library that it needs comes along in DESTINATION/lib, the C library included: nothing is installed, nothing else changes.
// Needs dpkg-deb and patchelf.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { closure, readIndex } from '../../test/channel/tools/debian.mjs';
import { debianMirror, downloadVerified } from '../../test/channel/tools/mirrors.mjs';

const loader = 'ld-linux-x86-64.so.2';

/** Downloads Nix of that suite into `destination`, which is there completely or not at all. Returns the version. */
export async function getNix(suite, destination) {
  const target = resolve(destination);
  mkdirSync(dirname(target), { recursive: true });
  const work = mkdtempSync(join(dirname(target), '.get-nix-'));
  try {
    await unpack(suite, join(work, 'root'));
    const nix = join(work, 'nix');
    collect(join(work, 'root'), nix);
    // The paths in the program are those of the final place
    execFileSync('patchelf', [
      '--set-interpreter',
      join(target, 'lib', loader),
      '--force-rpath',
      '--set-rpath',
      join(target, 'lib'),
      join(nix, 'bin', 'nix'),
    ]);
    rmSync(target, { recursive: true, force: true });
    renameSync(nix, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return execFileSync(join(target, 'bin', 'nix'), ['--version'], { encoding: 'utf8' }).trim();
}

async function unpack(suite, root) {
  const mirror = debianMirror();
  const index = await readIndex(mirror, suite);
  const isLibrary = (name) =>
    /^(lib|gcc-.*-base$|zlib1g$)/.test(name) && !/perl|^libc-bin$|^libc6-|^libc-gconv/.test(name);
  const debs = [...closure(index, ['nix-bin'], (name) => !isLibrary(name)).keys()].map((name) =>
    index.packages.get(name),
  );
  mkdirSync(root, { recursive: true });
  await inParallel(6, debs, async ({ name, file, sha256 }) => {
    const deb = join(root, `${name}.deb`);
    writeFileSync(deb, await downloadVerified(`${mirror}/${file}`, sha256));
    execFileSync('dpkg-deb', ['-x', deb, root]);
  });
}

function collect(root, nix) {
  mkdirSync(join(nix, 'bin'), { recursive: true });
  mkdirSync(join(nix, 'lib'), { recursive: true });
  for (const directory of ['usr/lib/x86_64-linux-gnu', 'usr/lib', 'lib/x86_64-linux-gnu']) {
    const from = join(root, directory);
    if (!existsSync(from)) continue;
    for (const name of readdirSync(from).filter((entry) => /\.so(\.|$)/.test(entry))) {
      const to = join(nix, 'lib', name);
      if (!existsSync(to)) cpSync(realpathSync(join(from, name)), to);
    }
  }
  chmodSync(join(nix, 'lib', loader), 0o755);
  cpSync(join(root, 'usr/bin/nix'), join(nix, 'bin/nix'));
  for (const name of readdirSync(join(root, 'usr/bin')))
    if (name.startsWith('nix-')) symlinkSync('nix', join(nix, 'bin', name));
}

async function inParallel(count, items, work) {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [suite, destination] = process.argv.slice(2);
  if (destination === undefined) {
    process.stderr.write('usage: get-nix.mjs SUITE DESTINATION\n');
    process.exit(2);
  }
  process.stdout.write(`${await getNix(suite, destination)}\n`);
}
