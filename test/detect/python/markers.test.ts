import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canApply } from '../../../src/detect/python/markers.ts';

describe('an environment marker', () => {
  it.each([
    ["sys_platform == 'win32'", false],
    ['sys_platform == "win32" or os_name == "nt"', false],
    ["platform_system == 'Windows' and python_version >= '3.8'", false],
    ["'win' in sys_platform and sys_platform != 'darwin'", false],
    ["sys_platform == 'win32' and extra == 'x'", false],
    ["os_name == 'java'", false],
    ["platform_machine == 'ppc64le' and sys_platform == 'linux'", false],
    ["sys_platform == 'darwin' and platform_machine == 'x86_64'", false],
  ])('that no system of ours meets never applies: %s', (marker, expected) => {
    expect(canApply(marker)).toBe(expected);
  });

  it.each([
    ["sys_platform == 'linux'"],
    ["sys_platform == 'darwin' and platform_machine == 'arm64'"],
    ["sys_platform != 'win32'"],
    ["sys_platform not in 'win32,cygwin'"],
    ["python_version < '3.8'"],
    ["extra == 'postgres'"],
    ["implementation_name == 'pypy' or sys_platform == 'win32'"],
    ["(sys_platform == 'win32' or sys_platform == 'linux') and os_name == 'posix'"],
  ])('that depends on more, or on us, may apply: %s', (marker) => {
    expect(canApply(marker)).toBe(true);
  });

  it.each([
    [''],
    ['nonsense $'],
    ["sys_platform == 'win32"],
    ['((((('],
    ["sys_platform == 'win32' trailing"],
  ])('that cannot be understood is not a reason to leave something out: %s', (marker) => {
    expect(canApply(marker)).toBe(true);
  });

  it('is answered in bounded time and depth', () => {
    expect(canApply('('.repeat(100_000))).toBe(true);
    expect(canApply(`${"sys_platform == 'win32' or ".repeat(20_000)}os_name == 'nt'`)).toBe(false);
  });

  it('never throws', () => {
    const words = [
      'sys_platform',
      '==',
      '!=',
      'in',
      'not',
      'and',
      'or',
      '(',
      ')',
      "'win32'",
      '"linux"',
      ' ',
      '"',
      '~=',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...words)),
        (parts) => typeof canApply(parts.join(' ')) === 'boolean',
      ),
    );
  });
});
