#!/usr/bin/env node
/**
 * dockerfile.mjs FOLDER [STORE PATH...] -- TEST COMMAND...: from a fresh copy of a project to its tests in a container, by
 * nidify and by the Dockerfile that lies in FOLDER, in one run. Prints a table.
 *
 * The Dockerfile has to end with the tests having passed; both begin with nothing built: the Nix store is a new folder,
 * and Docker builds without its cache; the store paths are what the new store has beforehand. What either downloads comes from where it is configured to come from.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../dist/cli.js');
const at = process.argv.indexOf('--');
const [folder, ...seeds] = process.argv.slice(2, at === -1 ? undefined : at);
const command = at === -1 ? [] : process.argv.slice(at + 1);
if (folder === undefined || command.length === 0) {
  console.error('dockerfile.mjs FOLDER -- TEST COMMAND...');
  process.exit(2);
}

const work = mkdtempSync(path.join(tmpdir(), 'nidify-show-'));
const project = path.join(work, path.basename(path.resolve(folder)));
const tag = `nidify-show-${process.pid}`;
const rows = [];

function step(name, program, args, options = {}) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: project, encoding: 'utf8', ...options });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`${name}: exit ${status}\n${stdout}\n${stderr}`);
  rows.push([name, seconds]);
  return stdout;
}

const nidify = (...args) => step(`nidify ${args[0]}`, process.execPath, [cli, ...args]);
const sizeOf = (image) => {
  const { stdout } = spawnSync('docker', ['image', 'inspect', '--format', '{{.Size}}', image], {
    encoding: 'utf8',
  });
  return `${(Number(stdout) / 1e6).toFixed(0)} MB`;
};

try {
  cpSync(folder, project, { recursive: true });
  const store = ['--store', path.join(work, 'store')];
  if (seeds.length > 0) {
    step('seed', 'nix', ['copy', '--no-check-sigs', '--to', store[1], ...seeds]);
    rows.length = 0;
  }
  nidify('generate', '--force');
  nidify('build', ...store);
  // In a store of its own the programs are only where the sandbox puts them.
  nidify('run', ...store, '--sandbox', '--network', '--', ...command);
  nidify('image', ...store, '--load', '--tag', `${tag}:nidify`);
  // Images hold nobody's certificates: those of this machine are given to the container.
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  const mounted = [
    ...['-v', `${project}:/work`, '--user', '0', '-v', `${certificates}:/ca.crt:ro`],
    ...['-e', 'NODE_EXTRA_CA_CERTS=/ca.crt', '-e', 'SSL_CERT_FILE=/ca.crt'],
  ];
  step('docker run (nidify)', 'docker', ['run', '--rm', ...mounted, `${tag}:nidify`, ...command]);
  const total = rows.reduce((sum, [, seconds]) => sum + seconds, 0);
  rows.push(['all of nidify', total]);
  nidify('build', ...store);
  step('docker build', 'docker', [
    'build',
    '--no-cache',
    '--network',
    'host',
    '-t',
    `${tag}:dockerfile`,
    '.',
  ]);
  step('docker run (Dockerfile)', 'docker', ['run', '--rm', `${tag}:dockerfile`, ...command]);
  for (const [name, seconds] of rows)
    console.log(`| ${name.padEnd(24)} | ${seconds.toFixed(2).padStart(7)} s |`);
  console.log(
    `image of nidify: ${sizeOf(`${tag}:nidify`)}; of the Dockerfile: ${sizeOf(`${tag}:dockerfile`)}`,
  );
} finally {
  spawnSync('docker', ['image', 'rm', '--force', `${tag}:nidify`, `${tag}:dockerfile`]);
  spawnSync('chmod', ['-R', 'u+w', work]);
  rmSync(work, { recursive: true, force: true });
}
