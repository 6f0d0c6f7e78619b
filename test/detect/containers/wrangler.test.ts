import { describe, expect, it } from 'vitest';
import { containerClaims } from '../../../src/detect/containers/claims.ts';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function nested(files: Record<string, string | null>) {
  return needsOf(await detectContainers(contextOf(files)), 'nested-container');
}

const container = '[[containers]]\nclass_name = "Renderer"\nimage = "./Dockerfile"\n';

describe('containers of a Worker', () => {
  it('are found with the line that asks for them, and the installed version of wrangler', async () => {
    const claims = [containerClaims, { names: ['pnpm-lock.yaml'] }];
    const needs = needsOf(
      await detectContainers(await fixtureContext('container-wrangler', claims)),
      'nested-container',
    );
    expect(needs).toEqual([
      {
        kind: 'nested-container',
        container: 'wrangler-containers',
        version: '4.66.0',
        network: { build: 'host', run: 'bridge' },
        confidence: 'high',
        because: [{ file: 'wrangler.jsonc', line: 6, text: '"containers": [', rule: 'containers/wrangler' }],
      },
      expect.objectContaining({ container: 'testcontainers' }),
    ]);
  });

  it.each([
    ['wrangler.toml', `name = "x"\n${container}`, 2],
    ['wrangler.json', '{"containers": [{"class_name": "A", "image": "registry.example.com/a"}]}', 1],
    ['wrangler.toml', '[[env.dev.containers]]\nclass_name = "A"\nimage = "./a"\n', 1],
    ['wrangler.jsonc', '{"env": {\n "dev": {\n "containers": [{"image": "./a"}]}}}', 3],
  ])('stand in %s', async (name, text, line) => {
    expect((await nested({ [name]: text }))[0]?.because[0]).toMatchObject({ file: name, line });
  });

  it.each([
    ['switched off for development', `[dev]\nenable_containers = false\n${container}`],
    ['none', 'name = "x"\ncontainers = []\n'],
    ['of a wrong type', 'containers = "yes"\n'],
    ['entries of a wrong type', 'containers = [1, "x", {}]\n'],
  ])('are not started where they are %s', async (_what, text) => {
    expect(await nested({ 'wrangler.toml': text })).toEqual([]);
  });

  it('are those of the configuration that wrangler takes', async () => {
    expect(await nested({ 'wrangler.json': '{"name": "x"}', 'wrangler.toml': container })).toEqual([]);
  });

  it('of an example are none of the project', async () => {
    expect(await nested({ 'examples/a/wrangler.toml': container })).toEqual([]);
  });
});

describe('the version of wrangler', () => {
  const versionWith = async (name: string, text: string) =>
    (await nested({ 'app/wrangler.toml': container, [name]: text }))[0]?.version;

  it.each([
    ['package-lock.json', '{"packages": {"node_modules/wrangler": {\n "version": "4.54.0"}}}', '4.54.0'],
    ['pnpm-lock.yaml', "packages:\n\n  '@x/wrangler@1.0.0':\n\n  wrangler@4.60.1:\n", '4.60.1'],
    ['pnpm-lock.yaml', 'packages:\n\n  /wrangler/3.1.0:\n', '3.1.0'],
    ['yarn.lock', '"wrangler@npm:^4.0.0":\n  version: 4.61.0\n', '4.61.0'],
    ['yarn.lock', 'wrangler@^3.0.0:\n  version "3.99.0"\n', '3.99.0'],
    ['bun.lock', '"packages": {\n "wrangler": ["wrangler@4.62.0", "", {}]', '4.62.0'],
    ['package.json', '{"devDependencies": {"wrangler": "4.66.0"}}', '4.66.0'],
    ['package.json', '{"devDependencies": {"wrangler": "^4.66.0"}}', null],
  ])('stands in %s', async (name, text, version) => {
    expect(await versionWith(name, text)).toBe(version);
    expect(await versionWith(`app/${name}`, text)).toBe(version);
  });
});
