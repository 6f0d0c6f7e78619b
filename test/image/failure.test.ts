import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { saysDiskFull } from '../../src/disk-full.ts';
import { failureOf } from '../../src/image/failure.ts';

it('tells whoever stopped it, by hand or by a time, that it was stopped', async () => {
  const expired = AbortSignal.timeout(1);
  await expect.poll(() => expired.aborted).toBe(true);
  for (const { reason } of [AbortSignal.abort(), expired]) {
    expect(failureOf(reason, 'the image')).toMatchObject({ code: 'aborted', exitCode: 75 });
  }
});

it.each(['ENOSPC', 'EDQUOT'])('names the folder whose disk is full, and what to do (%s)', (code) => {
  const error = Object.assign(new Error(`${code}: write`), { code });
  expect(failureOf(error, 'the image')).toMatchObject({
    ...{ code: 'disk-full', exitCode: 5, cause: error },
    message: `the image could not be written: the disk of ${tmpdir()} is full`,
    hint: expect.stringContaining('TMPDIR'),
  });
  expect(failureOf(error, 'the image', '/srv')).toMatchObject({
    message: 'the image could not be written: the disk of /srv is full',
    hint: expect.not.stringContaining('TMPDIR'),
  });
});

it.each([
  ["fatal: sha1 file 'x/tmp_pack_1' write error. Out of diskspace", true],
  ['error: unable to write file large.bin', true],
  ['npm error code ENOSPC', true],
  ['fatal: write error: No space left on device', true],
  ['error: unable to create file a: File name too long', false],
  ['fatal: fsck error in packed object', false],
])('knows a full disk by what a program prints: %s', (text, isFull) => {
  expect(saysDiskFull(`something else\n${text}\nand more`)).toBe(isFull);
});
