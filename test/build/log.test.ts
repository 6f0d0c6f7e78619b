import { describe, expect, it } from 'vitest';
import { nixFailure } from '../../src/build/failure.ts';
import { nameOf, nixLog } from '../../src/build/log.ts';

const drv = '/nix/store/0c0dz6wjbdgh1x97ng9byn9083s2jx79-shop-1.0.drv';
const event = (value: object) => `@nix ${JSON.stringify(value)}`;

describe("Nix's structured log", () => {
  it('says what is being built, on which builder, and what came from where', () => {
    const log = nixLog();
    log.line(event({ action: 'start', id: 1, level: 0, text: '', type: 104 }));
    log.line(event({ action: 'start', fields: [drv, '', 1, 1], id: 2, text: 'building', type: 105 }));
    log.line(event({ action: 'result', fields: [1, 3, 1, 0], id: 1, type: 105 }));
    expect(log.status()).toBe('building shop-1.0 (2 of 3)');
    log.line(event({ action: 'stop', id: 2 }));
    expect(log.status()).toBeNull();
    log.line(event({ action: 'start', fields: ['/nix/store/x-y', 'https://c'], id: 3, type: 108 }));
    log.line(event({ action: 'start', fields: [drv, 'ssh-ng://builder', 1, 1], id: 4, type: 105 }));
    expect(log.origins()).toEqual([
      { kind: 'built', derivation: drv, machine: null },
      { kind: 'substituted', path: '/nix/store/x-y', from: 'https://c' },
      { kind: 'built', derivation: drv, machine: 'ssh-ng://builder' },
    ]);
  });

  it('counts a build on a store of this machine as one of that builder, though it shows here too', () => {
    const log = nixLog();
    const started = (id: number, machine: string) =>
      log.line(event({ action: 'start', fields: [drv, machine, 1, 1], id, type: 105 }));
    started(1, 'local:///srv/builder');
    started(2, '');
    expect(log.origins()).toEqual([{ kind: 'built', derivation: drv, machine: 'local:///srv/builder' }]);
    log.line(event({ action: 'stop', id: 1 }));
    started(3, '');
    expect(log.origins().at(-1)).toEqual({ kind: 'built', derivation: drv, machine: null });
  });

  it('keeps the end of what builders print, without terminal sequences', () => {
    const log = nixLog();
    for (let count = 0; count < 1000; count++)
      log.line(event({ action: 'result', fields: [`\u001b[31mline ${count}\u0007`], id: 1, type: 101 }));
    expect(log.builderTail()).toHaveLength(25);
    expect(log.builderTail().at(-1)).toBe('line 999');
  });

  it('takes lines of any other form as messages, however broken', () => {
    const log = nixLog();
    for (const line of ['@nix {"action":', '@nix null', '@nix [1]', '', 'error: plain']) log.line(line);
    log.line(event({ action: 'msg', level: 0, msg: '\u001b[31;1merror:\u001b[0m two\nlines' }));
    log.line(event({ action: 'msg', level: 1, msg: 'warning: w' }));
    log.line(event({ action: 'msg', level: 3, msg: 'talk' }));
    expect(log.errors()).toEqual(['error: plain', 'error: two', 'lines']);
    expect(log.warnings()).toEqual(['warning: w']);
  });

  it('names a store path as people do', () => {
    expect(nameOf(drv)).toBe('shop-1.0');
  });
});

describe('a failure of Nix', () => {
  const failureOf = (text: string) => {
    const log = nixLog();
    log.line(text);
    const { code, exitCode } = nixFailure('building', log);
    return { code, exitCode };
  };

  it.each([
    [
      'error: this system does not support the kernel namespaces that are required for sandboxing',
      'sandbox-missing',
      6,
    ],
    ["error: the group 'nixbld' specified in 'build-users-group' does not exist", 'sandbox-missing', 6],
    [
      "error: getting attributes of path '/usr/bin/bash-static': No such file or directory",
      'sandbox-missing',
      6,
    ],
    ['error: writing to file: No space left on device', 'disk-full', 75],
    ["error: opening lock file '/nix/var/nix/db/big-lock': Permission denied", 'store-not-writable', 4],
    ["error: creating directory '/nix/store': Read-only file system", 'store-not-writable', 4],
    [
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': No such file",
      'daemon-missing',
      4,
    ],
    [
      "error: unable to download 'https://example.com/': Couldn't resolve host name (6)",
      'network-unavailable',
      75,
    ],
    ['error: hash mismatch in fixed-output derivation', 'hash-mismatch', 5],
    ["error: Package 'x' in /nix/store/… is marked as insecure, refusing to evaluate.", 'package-refused', 3],
    ["error: builder for '/nix/store/x.drv' failed with exit code 1", 'build-failed', 5],
  ])('%s', (text, code, exitCode) => {
    expect(failureOf(text)).toEqual({ code, exitCode });
  });

  it('shows the end of what the builder said', () => {
    const log = nixLog();
    log.line(event({ action: 'result', fields: ['cc: not found'], id: 1, type: 101 }));
    log.line("error: builder for 'x' failed");
    expect(nixFailure('building', log).message).toBe(
      "building failed:\ncc: not found\nbuilder for 'x' failed",
    );
  });
});
