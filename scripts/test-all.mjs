/**
 * `npm run test:all`: installs what the tests need (on Debian as root, through apt; elsewhere it says what
 * will be skipped), then checks and tests everything. Ends with the line `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
    const report = path.join(work, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    step('tests', process.execPath, [bin('vitest'), 'run', ...reporters]);
    const result = JSON.parse(readFileSync(report, 'utf8'));
    counts.passed = result.numPassedTests;
    counts.failed = result.numFailedTests;
    counts.skipped = result.numPendingTests + result.numTodoTests;
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
