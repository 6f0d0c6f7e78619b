import { describe, expect, it } from 'vitest';
import { withoutPassword } from '../../src/text/address.ts';

describe('addresses in a text', () => {
  it.each([
    ['see https://me:pw@host/a, and http://tok@h:1/b', 'see https://***@host/a, and http://***@h:1/b'],
    [
      "unable to download 'https://u:p%40q@h/x.tar.gz': 401",
      "unable to download 'https://***@h/x.tar.gz': 401",
    ],
    ['socks5h://u:p@proxy:1080', 'socks5h://***@proxy:1080'],
    ['ssh-ng://me:pw@host', 'ssh-ng://***@host'],
  ])('%s loses its credentials', (text, shown) => {
    expect(withoutPassword(text)).toBe(shown);
  });

  it.each([
    'ssh-ng://builder@host:22?ssh-key=/root/.ssh/id',
    'https://host/@scope/package@1.0:2',
    'https://registry.example/a?mail=me:you@example.com',
    'mail me@example.com at 12:30',
  ])('%s stays as it is', (text) => {
    expect(withoutPassword(text)).toBe(text);
  });
});

it('is not kept busy by a line that was made for it', () => {
  const start = performance.now();
  const line = `${'a.'.repeat(16_000)}a://${':'.repeat(32_000)}`;
  expect(withoutPassword(line)).toBe(line);
  expect(withoutPassword(`${'a://'.repeat(10_000)}x`)).toContain('a://a://');
  expect(performance.now() - start).toBeLessThan(3000);
});
