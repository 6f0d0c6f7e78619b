/** An orchestrator's hour in one process, with faults at every call that leaves it. `scripts/soak.mjs` runs longer. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';

const hasRegistry = (process.env.PATH ?? '')
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, 'docker-registry')));
if (!hasRegistry && process.env.CI) throw new Error('docker-registry is not installed');

describe.skipIf(!hasRegistry || process.platform !== 'linux')('many workers in one process', () => {
  test('leave nothing behind, whatever fails', async () => {
    const script = path.join(import.meta.dirname, '../../scripts/soak.mjs');
    const args = ['--expose-gc', script, '--analyses', '40', '--builds', '16'];
    const { stdout } = await execa(process.execPath, args, { timeout: 280_000 });
    const { before, after, outcomes, injected, last } = JSON.parse(stdout);
    expect(after.folders).toEqual([]);
    expect(after.processes).toBe(before.processes);
    expect(after.descriptors).toBeLessThanOrEqual(before.descriptors + 2);
    expect(after.heap - before.heap).toBeLessThan(16 * 1024 * 1024);
    // Faults there were, and not all of them were survived; the next build after them is.
    expect(Object.values<number>(injected).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
    expect(outcomes['build done']).toBeGreaterThan(1);
    expect(Object.keys(outcomes).length).toBeGreaterThan(3);
    expect(last).toMatch(/\/soak\/snapshot:[0-9a-f]{12}-[0-9a-f]{12}$/);
  }, 300_000);
});
