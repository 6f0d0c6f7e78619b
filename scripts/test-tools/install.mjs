#!/usr/bin/env node
// install.mjs: installs what the tests need, on Debian as root through apt; a current Nix goes into the test cache.
// Elsewhere it says plainly what will be skipped and why. Does nothing, quickly, when all is there.
// NIDIFY_TEST_CACHE names the cache. Fails only where something could have been installed and was not.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cacheDirectory } from '../../test/channel/tools/prepare.mjs';
import { makeBaseImage } from './base-image.mjs';
import { getNix } from './get-nix.mjs';
import { getRunsc } from './get-runsc.mjs';

/** The command that shows that a Debian package is there, and what cannot be tested without it. */
const tools = [
  { command: 'git', deb: 'git', skipped: 'tests with repositories' },
  { command: 'nix', deb: 'nix-bin', skipped: 'tests with Nix (test/nix)' },
  { command: 'patchelf', deb: 'patchelf', skipped: 'tests with a current Nix' },
  { command: 'dpkg-deb', deb: 'dpkg', skipped: 'tests with Nix (test/nix)' },
  { command: 'skopeo', deb: 'skopeo', skipped: 'images in the hands of other programs' },
  { command: 'docker-registry', deb: 'docker-registry', skipped: 'pushing images' },
  { command: 'openssl', deb: 'openssl', skipped: 'registries with certificates' },
  { command: 'strace', deb: 'strace', skipped: 'the record of what analyze opens' },
  { command: 'bwrap', deb: 'bubblewrap', skipped: 'tests with a sandbox' },
  { command: 'busybox', deb: 'busybox-static', skipped: 'tests with a sandbox' },
  { command: 'dockerd', deb: 'docker.io', skipped: 'tests with a Docker engine (test/container)' },
  { command: 'ip', deb: 'iproute2', skipped: 'tests with a Docker engine (test/container)' },
  { command: 'docker-compose', deb: 'docker-compose', skipped: 'Docker Compose through the policy' },
  { command: 'debootstrap', deb: 'debootstrap', skipped: 'the image of a worker (test/container)' },
  { command: 'podman', deb: 'podman', skipped: 'a worker under rootless Podman' },
  { command: 'buildah', deb: 'buildah', skipped: 'building the image of a worker with Buildah' },
  { command: 'newuidmap', deb: 'uidmap', skipped: 'a worker under rootless Podman' },
  { command: 'slirp4netns', deb: 'slirp4netns', skipped: 'a worker under rootless Podman' },
  { command: 'fuse-overlayfs', deb: 'fuse-overlayfs', skipped: 'a worker under rootless Podman' },
  { command: 'shellcheck', deb: 'shellcheck', skipped: 'what shellcheck says of generated scripts' },
  { command: 'hyperfine', deb: 'hyperfine', skipped: 'benchmarks' },
];

const missing = tools.filter(({ command }) => !inPath(command));
if (missing.length > 0 && canInstall()) installDebs(missing.map(({ deb }) => deb));
for (const { command, skipped } of tools) {
  if (!inPath(command))
    console.log(`${command}: not installed, and not installable here. Skipped: ${skipped}.`);
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(
    'The stand-in for nixpkgs is made of programs for x86_64-linux. Skipped: tests with Nix (test/nix).',
  );
} else if (inPath('patchelf') && inPath('dpkg-deb')) {
  await installNix('forky');
  await installNix('trixie');
}

if (process.platform === 'linux' && process.arch === 'x64' && inPath('dpkg-deb')) {
  try {
    await getRunsc();
  } catch (error) {
    console.log(`gVisor's runsc cannot be fetched (${error.message}). Skipped: the profile gvisor in it.`);
    if (process.env.CI) process.exitCode = 1;
  }
}

if (process.platform === 'linux' && process.getuid?.() === 0 && inPath('debootstrap')) {
  try {
    makeBaseImage();
  } catch (error) {
    console.log(`The base image cannot be made (${error.message}). Skipped: the image of a worker.`);
    if (process.env.CI) process.exitCode = 1;
  }
}

/** The Nix of a newer Debian: the current one, and one between it and Debian 12's. */
async function installNix(suite) {
  const directory = join(cacheDirectory(), 'nix', suite);
  if (existsSync(join(directory, 'bin', 'nix'))) return;
  try {
    mkdirSync(cacheDirectory(), { recursive: true });
    console.log(`${await getNix(suite, directory)}: in ${directory}`);
  } catch (error) {
    console.log(`The Nix of ${suite} cannot be fetched (${error.message}). Skipped: tests with it.`);
    if (process.env.CI) process.exitCode = 1;
  }
}

function installDebs(debs) {
  console.log(`apt: ${debs.join(' ')}`);
  const install = () => apt('install', '--yes', '--no-install-recommends', ...debs);
  // The lists of packages are missing or old on a fresh machine
  if (install() !== 0 && (apt('update') !== 0 || install() !== 0)) {
    console.log('apt could not install them.');
    process.exitCode = 1;
  }
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', ['--quiet', ...args], { env, encoding: 'utf8' });
  if (status !== 0) console.log(stderr);
  return status;
}

function canInstall() {
  return process.getuid?.() === 0 && inPath('apt-get');
}

function inPath(command) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((directory) => isExecutable(join(directory, command)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
