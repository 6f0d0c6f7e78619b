/**
 * `npm run test:all`: installs what the tests need (on Debian as root, through apt; elsewhere it says what
 * will be skipped), then checks and tests everything. Ends with the line `N passed, N failed, N skipped`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const work = mkdtempSync(path.join(tmpdir(), 'nidify-tests-'));
const failures = [];

function step(title, command, args) {
  console.log(`\n== ${title}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  console.log(
    `-- ${title}: ${status === 0 ? 'done' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) failures.push(title);
  return status === 0;
}

/** @returns what vitest's JSON reporter says of these projects, all of them together */
async function tests(projects, output) {
  const title = `tests: ${projects.join(', ')}`;
  console.log(`\n== ${title}`);
  const started = Date.now();
  const report = path.join(work, `${projects[0]}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = ['run', ...projects.flatMap((name) => ['--project', name]), ...reporters];
  const child = spawn(process.execPath, [bin('vitest'), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  process.stdout.write(Buffer.concat(said));
  console.log(
    `-- ${title}: ${status === 0 ? 'done' : 'FAILED'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  if (status !== 0) failures.push(title);
  return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : noTests;
}

const noTests = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };

const bin = (name) => path.join(root, 'node_modules', '.bin', name);
const counts = { passed: 0, failed: 0, skipped: 0 };

try {
  const isReady =
    step('what the tests need', process.execPath, ['scripts/test-tools/install.mjs']) &&
    step('build', process.execPath, [bin('tsdown'), '--logLevel', 'warn']);
  step('format and lint', process.execPath, [bin('biome'), 'ci', '.']);
  step('types', process.execPath, [bin('tsc'), '--noEmit']);
  step('package', process.execPath, [bin('publint'), '--strict']);
  if (isReady) {
    // What Nix builds waits for disks and for itself: the others run beside it.
    const beside = ['unit', 'e2e', 'container'];
    const results = await Promise.all([tests(['nix'], 'pipe'), tests(beside, 'inherit')]);
    for (const result of results) {
      counts.passed += result.numPassedTests;
      counts.failed += result.numFailedTests;
      counts.skipped += result.numPendingTests + result.numTodoTests;
    }
    if (counts.passed === 0) failures.push('no test ran');
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(
  `\n${counts.passed} passed, ${Math.max(counts.failed, failures.length)} failed, ${counts.skipped} skipped`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
