import { expect, it } from 'vitest';
import { sendBlobs } from '../../src/registry/blobs.ts';
import type { Registry } from '../../src/registry/types.ts';
import { folderWith } from '../support/folder.ts';

it('stops in the middle of a blob when its build is to end', async () => {
  const size = 4 * 1024 * 1024;
  const digest = `sha256:${'a'.repeat(64)}`;
  const layout = folderWith({ [`blobs/sha256/${'a'.repeat(64)}`]: 'x'.repeat(size) });
  const stop = new AbortController();
  let sent = 0;
  const registry = {
    async putBlob(_, open) {
      for await (const piece of open(0)) {
        sent += piece.length;
        stop.abort();
      }
      return 'sent';
    },
  } as Pick<Registry, 'putBlob'> as Registry;
  const sending = sendBlobs(registry, layout, [{ digest, size }], { signal: stop.signal });
  await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
  expect(sent).toBeLessThan(size);
});
