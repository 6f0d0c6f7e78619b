import { expect, it } from 'vitest';
import { succeeded } from '../../src/clone/git.ts';
import { parseCloneUrl } from '../../src/clone/url.ts';

it('says nothing of what is secret in an address', () => {
  const url = parseCloneUrl('https://me:hidden@example.com/shop.git?private_token=hidden');
  const said = `fatal: unable to access '${url.url}/': Could not resolve host: example.com`;
  const result = { exitCode: 128, stderrTail: said } as Parameters<ReturnType<typeof succeeded>>[0];
  let message = '';
  try {
    succeeded(url)(result);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain("unable to access 'https://example.com/shop.git/'");
  expect(message).not.toContain('hidden');
});
