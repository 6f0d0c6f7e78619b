import { describe, expect, it } from 'vitest';
import { invocations } from '../../../src/detect/node/scripts.ts';

function programs(script: string): string[] {
  return invocations(script).map(({ program }) => program);
}

describe('invocations', () => {
  it.each([
    ['next dev -p 4000', ['next']],
    ['tsc -b && vite build', ['tsc', 'vite']],
    ['NODE_ENV=production PORT=80 node server.js', ['node']],
    ['cross-env A=1 jest --ci', ['cross-env', 'jest']],
    ['echo "node is not run" ; rm -rf dist', ['echo', 'rm']],
    ['concurrently "bun run api" \'vite --port 4000\'', ['concurrently', 'bun', 'vite']],
    ['npx --yes cowsay hi | cat', ['npx', 'cowsay', 'cat']],
    ['(cd web && npm start) &', ['cd', 'npm']],
    ['', []],
    ['A=1', []],
  ])('%s', (script, expected) => {
    expect(programs(script)).toEqual(expected);
  });

  it('takes a text of kilobytes for no command line', () => {
    expect(invocations('a '.repeat(10_000))).toEqual([]);
  });
});
