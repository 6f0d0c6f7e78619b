/**
 * `node scripts/bench/worker-images.mjs [--rounds 20]`: what worker images cost, with real Nix (on the tests' stand-in for
 * nixpkgs), a real registry and a project with some 300 npm packages. With DOCKER_HOST, a worker's start too.
 *
 * One row per step; times are wall-clock of the whole command. Steps that change nothing for the next one are
 * medians of `--rounds`.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startRegistry } from '../docker-registry.mjs';
import { built } from './built.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    network: { type: 'string', default: 'npm,registry.npmjs.org:443' },
  },
});
const rounds = Number(values.rounds);
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'nidify-bench-images-'));

const { env, project, problem } = await built(work, cli);
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}

function run(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', env, maxBuffer: 1 << 28, ...options });
  if (!(options.allowed ?? [0]).includes(result.status)) {
    throw new Error(`${program} ${args.join(' ')}: ${result.status}\n${result.stderr.slice(-2000)}`);
  }
  return result;
}
const git = (...args) =>
  run('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
let commits = 0;
function commit(files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
    writeFileSync(path.join(project, name), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', `${commits++}`);
}

const rows = [];
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
/** @returns what the last run printed */
function timed(name, work, count = 1, before = () => {}) {
  const times = [];
  let result;
  for (let round = 0; round < count; round++) {
    before(round);
    const start = performance.now();
    result = work();
    times.push(performance.now() - start);
  }
  rows.push({ name, ms: median(times), rounds: count });
  console.error(`${name}: ${(median(times) / 1000).toFixed(2)} s`);
  return result;
}

const registry = await startRegistry(work);
const to = ['--registry', `${registry.address}/bench`];
const image = (...more) => {
  const { stdout } = run('node', [
    cli,
    'image',
    project,
    ...to,
    '--json',
    '--network',
    values.network,
    ...more,
  ]);
  return JSON.parse(stdout).worker;
};
const check = (subject, allowed, ...more) =>
  JSON.parse(run('node', [cli, 'image', subject, ...to, '--check', '--json', ...more], { allowed }).stdout);

try {
  for (const name of ['pnpm-lock.yaml', '.nvmrc', 'pnpm-workspace.yaml']) {
    rmSync(path.join(project, name), { force: true });
  }
  const manifest = {
    name: 'bench',
    private: true,
    engines: { node: '22' },
    scripts: { test: 'node --version' },
    devDependencies: { eslint: '8.57.0', jest: '29.7.0', express: '4.19.2' },
  };
  writeFileSync(path.join(project, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: project,
  });
  const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  const packages = Object.keys(lock.packages).length - 1;
  writeFileSync(path.join(project, '.gitignore'), 'node_modules\n');
  run('node', [cli, 'generate', project, '--force'], { allowed: [0, 3] });
  git('init', '--quiet', '--initial-branch=main');
  commit({ 'src/index.js': 'console.log(0)\n' });
  run('node', [cli, 'build', project]);
  console.error(`${packages} npm packages`);

  const all = ['--layers', 'dependencies,repository'];
  const first = timed('build and push all (environment built before)', () => image(...all));
  timed('the same commit again', () => image(...all), 5);
  timed('check, current', () => check(project, [0]), rounds);
  commit({ 'src/index.js': 'console.log(1)\n' });
  timed('check after a change of sources', () => check(project, [0]), rounds);
  const second = timed(
    'source-only: build and push',
    () => image(...all),
    5,
    (round) => commit({ 'src/index.js': `console.log(${round})\n` }),
  );
  image('--layers', 'dependencies');
  timed(
    'source-only, without the repository in the image: a new name',
    () => image('--layers', 'dependencies'),
    5,
    () => commit({}),
  );
  const changed = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  delete changed.packages['node_modules/express'];
  delete changed.packages[''].devDependencies.express;
  const without = { ...manifest, devDependencies: { ...manifest.devDependencies } };
  delete without.devDependencies.express;
  commit({
    'package.json': `${JSON.stringify(without, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify(changed, null, 2)}\n`,
  });
  const stale = timed('check after a change of the lock file', () => check(project, [1]), rounds);
  timed('build and push after that', () => image(...all));

  const large = path.join(work, 'large');
  mkdirSync(large);
  for (let at = 0; at < 5000; at++) {
    const file = path.join(large, `src/${at % 100}/file-${at}.js`);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `export const value = ${at};\n`.repeat(20));
  }
  for (const name of ['package.json', 'nidify.lock', 'flake.nix', 'flake.lock', 'shell.nix', '.envrc']) {
    writeFileSync(path.join(large, name), readFileSync(path.join(project, name)));
  }
  const inLarge = (...args) =>
    run('git', ['-C', large, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
  inLarge('init', '--quiet', '--initial-branch=main');
  inLarge('config', 'uploadpack.allowFilter', 'true');
  inLarge('config', 'uploadpack.allowAnySHA1InWant', 'true');
  inLarge('add', '--all');
  inLarge('commit', '--quiet', '--message', 'all');
  timed('git ls-remote of 5,000 files', () => run('git', ['ls-remote', `file://${large}`]), rounds);
  timed('check of 5,000 files, a directory', () => check(large, [0, 1]), rounds);
  const remote = timed('check of 5,000 files, a Git URL', () => check(`file://${large}`, [0, 1]), rounds);

  if (process.env.DOCKER_HOST) {
    const docker = (...args) => run('docker', args);
    // By digest: the tag is that of the image that was made of the commit last.
    const reference = `${second.imageName}@${second.digest}`;
    docker('pull', '--quiet', reference);
    timed(
      'docker run IMAGE npm test',
      () => docker('run', '--rm', '--network=none', reference, 'npm', 'test'),
      rounds,
    );
    timed(
      'docker run of the same image, an empty command',
      () => docker('run', '--rm', '--network=none', '--entrypoint', '/bin/sh', reference, '-c', ':'),
      rounds,
    );
  }
  const size = (kind, layers) =>
    layers.filter((layer) => layer.kind === kind).reduce((sum, layer) => sum + layer.size, 0);
  console.log(
    JSON.stringify(
      {
        packages,
        sizes: Object.fromEntries(
          ['environment', 'dependencies', 'repository'].map((kind) => [kind, size(kind, first.layers)]),
        ),
        staleBecause: stale.currency.changes,
        fetchedBytes: remote.currency.fetchedBytes,
        rows,
      },
      null,
      2,
    ),
  );
} finally {
  registry.child.kill();
  rmSync(work, { recursive: true, force: true });
}
