import { describe, expect, it } from 'vitest';
import { parseVersionText } from '../../../src/detect/python/version-text.ts';

describe('a version of Python', () => {
  it.each([
    ['3.12', '3.12'],
    ['3.11.4', '3.11.4'],
    ['3', '3'],
    ['v3.9', '3.9'],
    ['python-3.9.18', '3.9.18'],
    ['python3.10', '3.10'],
    ['cpython-3.12.3-linux-x86_64-gnu', '3.12.3'],
    ['cpython@3.13', '3.13'],
    ['cp312', '3.12'],
    ['py39', '3.9'],
    ['3.13t', '3.13'],
    ['3.14.0+freethreaded', '3.14.0'],
    ['3.13-dev', '3.13'],
    ['3.13.0rc1', '3.13.0rc1'],
    ['3.11.x', '3.11'],
    ['3.11.*', '3.11'],
    ['3.11.4/envs/shop', '3.11.4'],
  ])('%s is the prefix %s', (text, raw) => {
    expect(parseVersionText(text)).toEqual({ raw, scheme: 'prefix' });
  });

  it.each([
    ['pypy3.10-7.3.12', 'pypy3.10'],
    ['pypy@3.9', 'pypy3.9'],
    ['pypy3', 'pypy3'],
  ])('%s is the alias %s', (text, raw) => {
    expect(parseVersionText(text)).toEqual({ raw, scheme: 'alias' });
  });

  it.each([['>=3.11,<3.13'], ['~=3.11'], ['cpython>=3.11']])('%s is a range', (text) => {
    expect(parseVersionText(text)?.scheme).toBe('pep440');
  });

  it.each([
    ['system'],
    ['miniconda3-latest'],
    ['anaconda3-2023.09-0'],
    ['my-env'],
    [''],
    ['r-4.1'],
    ['graalpy-24.0.0'],
  ])('%j names none', (text) => {
    expect(parseVersionText(text)).toBeNull();
  });
});
