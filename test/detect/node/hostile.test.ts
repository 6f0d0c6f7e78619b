import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detected, findingsOf, json, lines, projectOf } from './support.ts';

const texts = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '*',
    '>=18',
    'pnpm@',
    '@',
    '__proto__',
    '../..',
    'lts/*',
    '${{',
    '\u0000',
    '\ud800',
    'a'.repeat(10_000),
  ),
);
const values = fc.jsonValue({ maxDepth: 3 });

const manifests = fc.record(
  {
    name: fc.oneof(texts, values),
    engines: fc.oneof(values, fc.dictionary(fc.constantFrom('node', 'npm', 'pnpm', 'yarn', 'bun'), texts)),
    scripts: fc.oneof(values, fc.dictionary(texts, texts)),
    workspaces: fc.oneof(values, fc.array(texts), fc.record({ packages: fc.array(texts) })),
    packageManager: fc.oneof(texts, values),
    volta: fc.oneof(values, fc.dictionary(fc.constantFrom('node', 'extends', 'yarn'), texts)),
    devEngines: fc.oneof(values, fc.record({ runtime: values, packageManager: values })),
    dependencies: fc.oneof(values, fc.dictionary(texts, fc.oneof(texts, values))),
    devDependencies: fc.oneof(
      values,
      fc.dictionary(fc.constantFrom('next', 'vite', '__proto__', 'constructor'), texts),
    ),
    main: fc.oneof(texts, values),
  },
  { requiredKeys: [] },
);

const fileNames = [
  '.nvmrc',
  '.npmrc',
  '.yarnrc.yml',
  '.tool-versions',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'package-lock.json',
  'turbo.json',
  'nx.json',
  'lerna.json',
  'rush.json',
  'deno.json',
  'deno.lock',
  'import_map.json',
];

describe('a hostile repository', () => {
  it('never makes a detector fail, whatever its manifest holds', async () => {
    await fc.assert(
      fc.asyncProperty(manifests, async (manifest) => {
        await detected({ 'package.json': json(manifest), 'a/package.json': json(manifest) }, [
          'next',
          '__proto__',
        ]);
      }),
    );
  });

  it('never makes a detector fail, whatever its other files hold', async () => {
    const files = fc.dictionary(fc.constantFrom(...fileNames), fc.oneof(texts, values.map(json)), {
      noNullPrototype: true,
    });
    await fc.assert(
      fc.asyncProperty(files, async (others) => {
        await detected({ ...others, 'package.json': json({ name: 'shop', dependencies: { next: '1' } }) }, [
          'next',
        ]);
      }),
    );
  });

  it('puts nothing of its own into a command', async () => {
    await fc.assert(
      fc.asyncProperty(manifests, async (manifest) => {
        const { commands } = await projectOf({
          'package.json': json({ ...manifest, scripts: {}, workspaces: [] }),
          'index.js': null,
        });
        for (const command of Object.values(commands)) expect(command).toMatch(/^[\w ./:=-]+$/);
      }),
    );
  });

  it('may have a byte order mark taken off, line ends of DOS, and a lock file with conflict markers', async () => {
    const files = {
      'package.json':
        '{\r\n  "name": "shop",\r\n  "engines": {\r\n    "node": ">=18"\r\n  },\r\n  "dependencies": { "next": "1" }\r\n}\r\n',
      'pnpm-lock.yaml': lines(
        '<<<<<<< HEAD',
        "lockfileVersion: '6.0'",
        '=======',
        "lockfileVersion: '9.0'",
        '>>>>>>> x',
      ),
    };
    expect(await findingsOf(files)).toEqual([]);
    expect((await projectOf(files)).name).toBe('shop');
  });

  it('shows control characters and secrets to nobody', async () => {
    const { name } = await projectOf({
      'package.json': json({ name: 'a\u001b[31m\u202eb', main: 'x' }),
      'index.js': null,
    });
    expect(name).toBe('a [31m b');
  });

  it.each([1_000, 4_000])('of %i packages is read in time that grows with them', async (count) => {
    const member = json({ name: 'x', scripts: { build: 'tsc', dev: 'vite' }, dependencies: { sharp: '1' } });
    const files: Record<string, string> = { 'package.json': json({ workspaces: ['packages/*'] }) };
    for (let at = 0; at < count; at++) files[`packages/p${at}/package.json`] = member;
    const start = process.cpuUsage();
    await detected(files, ['sharp']);
    expect(process.cpuUsage(start).user / 1_000).toBeLessThan(count);
  });
});
