import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { envrc } from '../../src/render/envrc.ts';
import { node } from './plans.ts';

/** Sources it as direnv does, with stand-ins for direnv's functions; gives what they were called with. */
function source(env: Record<string, string>) {
  const direnv = `
    watch_file() { printf 'watch %s\\n' "$*"; }
    use() { printf 'use %s\\n' "$*"; export TMPDIR=/gone TMP=/gone NIX_BUILD_TOP=/gone; }`;
  const script = `${direnv}\n${envrc(node)}\nprintf '%s|%s' "\${TMPDIR-unset}" "\${TMP-unset}"; env | grep -c ^caller_ || :`;
  const output = execFileSync('/bin/sh', ['-euc', script], { env: { PATH: '/usr/bin:/bin', ...env } });
  return output.toString().split('\n').slice(0, 3);
}

describe('.envrc', () => {
  test('enters shell.nix and watches what that reads', () => {
    expect(source({})).toEqual(['watch shell.nix flake.lock', 'use nix', 'unset|unset0']);
  });

  test('puts back the temporary folder that was there before, and only that', () => {
    expect(source({ TMPDIR: '/my tmp', TMP: '/other' })[2]).toBe('/my tmp|unset0');
  });

  test('fetches nothing', () => {
    expect(envrc(node)).not.toMatch(/source_url|curl|fetch/);
  });
});
