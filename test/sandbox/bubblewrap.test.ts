import { expect, test } from 'vitest';
import { stagingOptions } from '../../src/sandbox/bubblewrap.ts';

const closureOf = (count: number) => Array.from({ length: count }, (_, at) => `/nix/store/${at}-x`);
const mounted = (stages: string[][]) =>
  stages.flatMap((words) =>
    words.flatMap((word, at) => (word === '--ro-bind' ? [words.slice(at + 1, at + 3)] : [])),
  );

test('a closure that one bwrap can mount needs no steps before', () => {
  expect(stagingOptions({ closure: closureOf(2900), storeDirectory: null, environment: {} }, '/f')).toEqual(
    [],
  );
});

test('a longer one is mounted in steps, each path once and no step beyond the bound', () => {
  const closure = closureOf(7000);
  const stages = stagingOptions({ closure, storeDirectory: '/s', environment: {} }, '/f');
  expect(stages).toHaveLength(3);
  for (const words of stages) expect(words.length).toBeLessThan(9000);
  expect(stages.map((words) => words.includes('--tmpfs'))).toEqual([true, false, false]);
  expect(mounted(stages)).toEqual(closure.map((_, at) => [`/s/${at}-x`, `/f/${at}-x`]));
});

test('variables count too', () => {
  const environment = Object.fromEntries(closureOf(500).map((name) => [name, '']));
  const stages = stagingOptions({ closure: closureOf(2600), storeDirectory: null, environment }, '/f');
  expect(mounted(stages)).toHaveLength(2600);
});
