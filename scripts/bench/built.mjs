/**
 * A repository whose environment is built, for measuring what building it again costs: with the Nix that the
 * tests use, on their stand-in for nixpkgs. See scripts/test-tools/install.mjs for what that needs.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { small } from './trees.mjs';

const prepare = fileURLToPath(new URL('../../test/channel/tools/prepare.mjs', import.meta.url));

/**
 * @param work a folder of its own
 * @returns `{ commands: [nidify, nix], env, project }`, or `{ problem }` where it cannot be measured here
 */
export async function built(work, cli) {
  const { cacheDirectory } = await import(prepare);
  const bin = path.join(cacheDirectory(), 'nix/forky/bin');
  if (process.platform !== 'linux' || process.arch !== 'x64' || !existsSync(path.join(bin, 'nix')))
    return { problem: 'the Nix of the tests is not here (scripts/test-tools/install.mjs)' };
  const channel = JSON.parse(output('node', [prepare, 'current']));
  const project = path.join(work, 'project');
  const etc = path.join(work, 'etc');
  for (const folder of [project, etc]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(etc, 'registry.json'), '{"version":2,"flakes":[]}\n');
  writeFileSync(
    path.join(etc, 'nix.conf'),
    [
      'experimental-features = nix-command flakes',
      `sandbox-paths = /bin/sh=${channel.seedPath}/bin/busybox`,
      'substituters =',
      'build-users-group =',
      `flake-registry = ${path.join(etc, 'registry.json')}`,
      '',
    ].join('\n'),
  );
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    HOME: work,
    NIX_CONF_DIR: etc,
    NIX_USER_CONF_FILES: '',
    XDG_CACHE_HOME: path.join(work, 'cache'),
    XDG_STATE_HOME: path.join(work, 'state'),
    XDG_CONFIG_HOME: path.join(work, 'config'),
  };
  small(project);
  output('node', [cli, 'generate', project], env);
  // As if `nix flake update` had moved the pin to the stand-in: the next run takes it over.
  const lockFile = path.join(project, 'flake.lock');
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
  Object.assign(lock.nodes.nixpkgs.locked, { rev: 'e'.repeat(40), narHash: channel.narHash });
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
  output('node', [cli, 'generate', project], env);
  output('node', [cli, 'build', project], env);
  // Nix gets what nidify builds: a folder with these files alone.
  const files = path.join(work, 'files');
  mkdirSync(files);
  for (const name of ['flake.nix', 'flake.lock', 'shell.nix'])
    cpSync(path.join(project, name), path.join(files, name));
  const flake = `path:${files}`;
  const installables = [
    `${flake}#packages.x86_64-linux.environment`,
    `${flake}#devShells.x86_64-linux.default`,
  ];
  const nix = [
    'nix',
    'build',
    '--out-link',
    path.join(work, 'result'),
    '--no-write-lock-file',
    ...installables,
  ];
  return { commands: [['node', cli, 'build', project], nix], env, project };
}

function output(program, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8' });
  if (error || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ?? stdout + stderr}`);
  return stdout;
}
