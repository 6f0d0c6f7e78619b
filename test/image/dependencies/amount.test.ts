import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withinBounds } from '../../../src/image/dependencies/amount.ts';
import { folderWith } from '../../support/folder.ts';

const large = { bytes: 1e9, files: 1e9 };

describe('what installing may write', () => {
  it('is ended while it writes, when there are more bytes or files than allowed', async () => {
    for (const [bounds, write] of [
      [{ ...large, bytes: 1000 }, (at: string) => writeFileSync(at, Buffer.alloc(600))],
      [{ ...large, files: 3 }, (at: string) => mkdirSync(at)],
    ] as const) {
      const folders = [folderWith(), folderWith()];
      let ended = false;
      const running = withinBounds(folders, bounds, async (signal) => {
        for (const [at, folder] of [...folders, ...folders].entries()) write(path.join(folder, `${at}`));
        // As a program that never ends by itself.
        await sleep(60_000, undefined, { signal }).catch(() => {});
        ended = signal.aborted;
        throw new Error('stopped');
      });
      await expect(running).rejects.toMatchObject({
        ...{ code: 'dependencies-too-large', exitCode: 5 },
        message: expect.stringContaining('more than'),
        hint: expect.stringContaining('installSize'),
      });
      expect(ended).toBe(true);
    }
  });

  it('is looked at once more when it has ended, and what is allowed is left alone', async () => {
    const folder = folderWith({ 'a/b/c': '12345' });
    const write = async () => writeFileSync(path.join(folder, 'a/d'), '12345');
    expect(await withinBounds([folder], { bytes: 10, files: 4 }, write)).toBeUndefined();
    await expect(withinBounds([folder], { bytes: 9, files: 4 }, write)).rejects.toMatchObject({
      exitCode: 5,
    });
    await expect(withinBounds([folder], { bytes: 10, files: 3 }, write)).rejects.toMatchObject({
      exitCode: 5,
    });
  });

  it('is no reason for a failure of another kind', async () => {
    const run = () => Promise.reject(new Error('other'));
    await expect(withinBounds([folderWith()], large, run)).rejects.toThrow('other');
  });
});
