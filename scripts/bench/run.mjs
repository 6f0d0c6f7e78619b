/**
 * `npm run bench [-- --quick] [-- --build]`: how fast `nidify analyze` is, as ratios to references in the same run
 * (hyperfine), and `nidify build` beside `nix build` where there is nothing to build (`--build`: only that). Exits 1 when a budget of docs/performance.md is exceeded.
 *
 * References: `node -e 0` (what a Node process costs), a process that only runs fast-glob over the same
 * tree, and @specfy/stack-analyser, which is installed into a temporary folder for it.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { built } from './built.mjs';
import { common, huge, monorepo, small } from './trees.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const cli = path.join(root, 'dist/cli.js');
const quick = process.argv.includes('--quick');
const onlyBuild = process.argv.includes('--build');
const work = mkdtempSync(path.join(tmpdir(), 'nidify-bench-'));

/** Mean seconds of each command, measured in turn by one hyperfine. */
function measure(commands, runs, env = process.env) {
  const report = path.join(work, 'report.json');
  const args = ['-N', '--warmup', '2', '--runs', String(runs), '--export-json', report];
  const { status, error } = spawnSync('hyperfine', [...args, ...commands.map((each) => each.join(' '))], {
    // The analyser's command takes its output to be below the working directory.
    cwd: work,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (error || status !== 0)
    throw new Error('hyperfine failed: is it installed? (apt-get install hyperfine)');
  return JSON.parse(readFileSync(report, 'utf8')).results.map(({ mean, stddev }) => ({ mean, stddev }));
}

const glob = path.join(root, 'scripts/bench/only-fast-glob.mjs');
const analyse = path.join(root, 'scripts/bench/only-stack-analyser.mjs');

/** @returns its folder; null where it cannot be installed */
function installAnalyser() {
  const args = [
    'install',
    '--prefix',
    work,
    '--no-audit',
    '--no-fund',
    '--silent',
    '@specfy/stack-analyser@1.27.3',
  ];
  const { status } = spawnSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  return status === 0 ? path.join(work, 'node_modules/@specfy/stack-analyser') : null;
}

const cases = [
  { name: 'small repository', make: small, runs: 30, budgets: { node: 3 } },
  { name: 'the same with files of all', make: common, runs: 30, budgets: { node: 3 } },
  { name: 'monorepo of 5,000 files', make: monorepo, runs: 20, budgets: { node: 6 } },
  { name: '100,000 files', make: huge, runs: 10, budgets: { glob: 1.6 } },
];

/** Building what is built: a line to print. */
async function measureBuild() {
  const folder = path.join(work, 'built');
  mkdirSync(folder);
  const { commands, env, problem } = await built(folder, cli);
  if (problem !== undefined) return `nidify build: not measured, ${problem}`;
  const [own, nix] = measure(commands, quick ? 5 : 30, env);
  const ratio = own.mean / nix.mean;
  const holds = ratio <= buildBudget;
  failed ||= !holds;
  const times = [own, nix].map(
    ({ mean, stddev }) => `${(mean * 1000).toFixed(0)} ± ${(stddev * 1000).toFixed(0)} ms`,
  );
  return `nothing to build | nidify build: ${times[0]} | nix build: ${times[1]} | ${ratio.toFixed(2)} | at most ${buildBudget} | ${holds ? '' : 'EXCEEDED'}`;
}

/** Of `nidify build` to `nix build` on the same files, when there is nothing to do. */
const buildBudget = 3;
const analyser = onlyBuild ? null : installAnalyser();
const rows = [];
let failed = false;
let environment = '';
try {
  for (const { name, make, runs, budgets } of onlyBuild ? [] : cases) {
    const tree = path.join(work, make.name);
    make(tree);
    const references = {
      node: ['node', '-e', '0'],
      glob: ['node', glob, tree],
      ...(analyser === null
        ? {}
        : {
            'stack-analyser': ['node', analyse, tree, analyser],
            'stack-analyser, its command': [
              ...['node', path.join(analyser, 'dist/cli.js'), tree],
              ...['--output', 'output.json'],
            ],
          }),
    };
    const commands = [['node', cli, 'analyze', tree, '--json'], ...Object.values(references)];
    const [own, ...others] = measure(commands, quick ? 5 : runs);
    Object.keys(references).forEach((reference, at) => {
      const ratio = own.mean / others[at].mean;
      const budget = budgets[reference];
      const holds = budget === undefined || ratio <= budget;
      failed ||= !holds;
      const limit = budget === undefined ? '' : `at most ${budget}`;
      rows.push([
        name,
        `${(own.mean * 1000).toFixed(0)} ± ${(own.stddev * 1000).toFixed(0)} ms`,
        reference,
        `${(others[at].mean * 1000).toFixed(0)} ms`,
        ratio < 1 ? `1/${(1 / ratio).toFixed(1)}` : ratio.toFixed(2),
        limit,
        holds ? '' : 'EXCEEDED',
      ]);
    });
  }
  environment = await measureBuild();
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log('repository | nidify analyze | reference | its time | ratio | budget |');
for (const row of rows) console.log(row.join(' | '));
console.log(environment);
if (analyser === null && !onlyBuild)
  console.log('@specfy/stack-analyser could not be installed: not compared');
process.exitCode = failed ? 1 : 0;
