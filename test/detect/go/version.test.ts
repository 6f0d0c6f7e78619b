import { describe, expect, it } from 'vitest';
import { compareGoVersions, isGoVersion, versionOfToolchain } from '../../../src/detect/go/version.ts';

describe('versions of Go', () => {
  it('are those that the go command takes', () => {
    expect(['1.21', '1.21.0', '1.21rc2', '1.22.13', '2.0'].filter(isGoVersion)).toHaveLength(5);
    expect(['1', 'v1.21', '1.21.x', '01.2', '1.21-rc1', 'latest', ''].filter(isGoVersion)).toEqual([]);
  });

  it('order a language version before its pre-releases, and those before its release', () => {
    const shuffled = ['1.22', '1.21.0', '1.21rc2', '1.21', '1.21.10', '1.21.9', '1.21beta1', '1.21rc1'];
    expect(shuffled.sort(compareGoVersions)).toEqual([
      '1.21',
      '1.21beta1',
      '1.21rc1',
      '1.21rc2',
      '1.21.0',
      '1.21.9',
      '1.21.10',
      '1.22',
    ]);
  });

  it('stand in the names of toolchains', () => {
    expect(versionOfToolchain('go1.22.3')).toBe('1.22.3');
    expect(versionOfToolchain('go1.22.3-bigcorp')).toBe('1.22.3');
    expect(versionOfToolchain('default')).toBeNull();
    expect(versionOfToolchain('gopher')).toBeNull();
  });
});
