import { expect, it } from 'vitest';
import { challengesOf } from '../../src/registry/challenge.ts';

it.each([
  [
    'Bearer realm="https://a.example/t",service="x"',
    [['bearer', { realm: 'https://a.example/t', service: 'x' }]],
  ],
  ['Basic realm="a, Bearer realm=b"', [['basic', { realm: 'a, Bearer realm=b' }]]],
  [
    'Basic realm="x", Bearer Realm = "https://a/" , scope="repository:a:pull,push",error=insufficient_scope',
    [
      ['basic', { realm: 'x' }],
      ['bearer', { realm: 'https://a/', scope: 'repository:a:pull,push', error: 'insufficient_scope' }],
    ],
  ],
  [
    'Negotiate, Basic',
    [
      ['negotiate', {}],
      ['basic', {}],
    ],
  ],
  ['bearer realm="with \\"quotes\\""', [['bearer', { realm: 'with "quotes"' }]]],
  ['', []],
  ['"', []],
])('%s', (header, expected) => {
  const found = challengesOf(header).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);
  expect(found).toEqual(expected);
});
