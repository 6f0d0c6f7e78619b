import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asPep440, parseSpec } from '../../../src/detect/conda/spec.ts';

test.each([
  ['numpy', 'numpy', ''],
  ['numpy=1.20', 'numpy', '==1.20.*'],
  ['numpy==1.20', 'numpy', '==1.20'],
  ['numpy 1.20', 'numpy', '==1.20'],
  ['numpy 1.20.*', 'numpy', '==1.20.*'],
  ['numpy=1.20.*', 'numpy', '==1.20.*'],
  ['numpy>=1.20,<2', 'numpy', '>=1.20,<2'],
  ['numpy >=1.20', 'numpy', '>=1.20'],
  ['numpy!=1.21', 'numpy', '!=1.21'],
  ['numpy=1.20|1.21', 'numpy', null],
  ["numpy[version='>=1.2']", 'numpy', '>=1.2'],
  ['conda-forge::numpy=1.2', 'numpy', '==1.2.*'],
  ['NumPy~=1.4', 'numpy', '~=1.4'],
])('%s', (text, name, range) => {
  const spec = parseSpec(text);
  expect(spec?.name).toBe(name);
  expect(asPep440(spec?.version ?? null)).toBe(range);
});

test('builds are told apart from versions', () => {
  expect(parseSpec('numpy=1.21.2=py39h20f2e39_0')).toMatchObject({ version: '=1.21.2', build: true });
  expect(parseSpec('numpy 1.21 py39_0')).toMatchObject({ build: true });
  expect(parseSpec('numpy=1.21=*')).toMatchObject({ build: false });
});

test('what is no specification gives none, and nothing throws', () => {
  for (const text of ['', '-e .', 'a b c d', '$(x)', "numpy'"]) expect(parseSpec(text)).toBeNull();
  fc.assert(fc.property(fc.string(), (text) => void asPep440(parseSpec(text)?.version ?? null)));
});
