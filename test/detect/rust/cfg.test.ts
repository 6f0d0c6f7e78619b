import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForLinux } from '../../../src/detect/rust/cfg.ts';

describe('platforms of dependencies', () => {
  it.each([
    'cfg(unix)',
    'cfg(not(windows))',
    'cfg(target_os = "linux")',
    'cfg(any(windows, target_os = "linux"))',
    'cfg(all(unix, not(target_os = "macos")))',
    'cfg(not(target_env = "msvc"))',
    'cfg(all(target_family = "unix", any(target_arch = "x86_64", target_arch = "arm")))',
    'cfg(not(any(target_os = "macos", target_os = "windows", target_os = "ios")))',
    'x86_64-unknown-linux-gnu',
    'aarch64-unknown-linux-musl',
  ])('%s is Linux', (platform) => {
    expect(isForLinux(platform)).toBe(true);
  });

  it.each([
    'cfg(windows)',
    'cfg(target_os = "macos")',
    'cfg(all(unix, target_os = "macos"))',
    'cfg(target_arch = "wasm32")',
    'cfg(not(unix))',
    'cfg(tokio_unstable)',
    'cfg(target_vendor = "apple")',
    'x86_64-pc-windows-msvc',
    'wasm32-unknown-unknown',
    'aarch64-apple-darwin',
  ])('%s is not', (platform) => {
    expect(isForLinux(platform)).toBe(false);
  });

  it('that cannot be understood are taken to be Linux: a library too many does no harm', () => {
    expect(isForLinux('cfg(')).toBe(true);
    expect(isForLinux('cfg()')).toBe(true);
    expect(isForLinux('cfg(any(windows)')).toBe(true);
    expect(isForLinux(`cfg(${'not('.repeat(10_000)}unix${')'.repeat(10_000)})`)).toBe(true);
  });

  it('never make it fail', () => {
    const piece = fc.constantFrom(
      'cfg(',
      ')',
      'any(',
      'all(',
      'not(',
      '=',
      '"',
      ',',
      'unix',
      'target_os',
      ' ',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => typeof isForLinux(pieces.join('')) === 'boolean'));
  });
});
