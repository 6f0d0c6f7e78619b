import { expect, it } from 'vitest';
import { failureOf } from '../../src/image/failure.ts';

it('tells whoever stopped it, by hand or by a time, that it was stopped', async () => {
  const expired = AbortSignal.timeout(1);
  await expect.poll(() => expired.aborted).toBe(true);
  for (const { reason } of [AbortSignal.abort(), expired]) {
    expect(failureOf(reason, 'the image')).toMatchObject({ code: 'aborted', exitCode: 75 });
  }
});
