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

describe('a configuration that a script names', () => {
  const configured = '{"containers": [{"class_name": "A", "image": "./a"}]}';

  it.each([
    'wrangler dev --config wrangler.dev.jsonc',
    'wrangler dev -c ./wrangler.dev.jsonc --port 1',
    'x && npx wrangler dev --env=dev --config="wrangler.dev.jsonc"',
  ])('counts: %s', async (dev) => {
    const files = {
      'app/package.json': JSON.stringify({ scripts: { dev } }),
      'app/wrangler.dev.jsonc': configured,
    };
    expect((await nested(files))[0]?.because).toMatchObject([{ file: 'app/wrangler.dev.jsonc', line: 1 }]);
  });

  it.each([
    { dev: 'wrangler deploy --config wrangler.dev.jsonc' },
    { deploy: 'wrangler dev --config wrangler.dev.jsonc' },
    { dev: 'wrangler dev --config ../../wrangler.dev.jsonc' },
    { dev: 'wrangler dev' },
  ])('does not, where it deploys or is another one: %j', async (scripts) => {
    const files = { 'app/package.json': JSON.stringify({ scripts }), 'app/wrangler.dev.jsonc': configured };
    expect(await nested(files)).toEqual([]);
  });

  it('is vague where only production has containers', async () => {
    const text = '[[env.production.containers]]\nclass_name = "A"\n';
    expect(await nested({ 'wrangler.toml': text })).toMatchObject([{ confidence: 'low' }]);
  });
});

describe('what containers of a Worker need', () => {
  async function findings(configuration: object, files: Record<string, string> = {}) {
    const needs = await detectContainers(
      contextOf({
        'wrangler.json': JSON.stringify({
          compatibility_date: '2026-05-01',
          containers: [{ class_name: 'A', image: './box/Dockerfile' }],
          ...configuration,
        }),
        ...files,
      }),
    );
    return needsOf(needs, 'finding');
  }
  const codes = async (...all: Parameters<typeof findings>) =>
    (await findings(...all)).map(({ code }) => code);
  const dockerfile = (text: string) => ({ 'box/Dockerfile': text });
  const wrangler = (version: string) => ({
    'package.json': JSON.stringify({ devDependencies: { wrangler: version } }),
  });

  it.each([
    ['FROM scratch\nEXPOSE 8080\n', []],
    ['FROM node:22 AS build\nEXPOSE 1\nFROM build\n', []],
    ['FROM node:22 AS a\nEXPOSE 1\nFROM scratch\nCOPY --from=a / /\n', ['container-without-expose']],
    ['FROM node:22\n# EXPOSE 8080\nRUN echo \\\n  EXPOSE 8080\n', ['container-without-expose']],
    ['FROM --platform=linux/arm64 node:22\nEXPOSE 1\n', ['container-platform']],
    ['FROM --platform=linux/amd64 node:22\nEXPOSE 1\n', []],
    ['FROM --platform=$BUILDPLATFORM go AS b\nFROM scratch\nexpose 1\n', []],
    ['FROM --platform=linux/arm64 go AS tool\nFROM scratch\nEXPOSE 1\n', []],
    ['', []],
  ])('is told of the Dockerfile %j', async (text, expected) => {
    expect(await codes({}, dockerfile(text))).toEqual(expected);
  });

  it('is told with the lines of both files; a folder stands for its Dockerfile', async () => {
    const containers = [{ class_name: 'A', image: './box' }];
    const [missing] = await findings({ containers }, dockerfile('# x\nFROM alpine\n'));
    expect(missing?.message).toContain('unless alpine does');
    expect(missing?.because).toMatchObject([
      { file: 'box/Dockerfile', line: 2, rule: 'containers/expose' },
      { file: 'wrangler.json', line: 1, rule: 'containers/wrangler-image' },
    ]);
  });

  it.each([
    ['4.66.0', {}, []],
    ['4.68.1', {}, ['wrangler-ipv6-network']],
    ['4.69.0', {}, ['wrangler-ipv6-network']],
    ['4.70.0', {}, ['wrangler-sidecar-image']],
    ['4.164.0', { compatibility_date: '2026-03-31' }, ['wrangler-sidecar-image', 'wrangler-host-processes']],
    [
      '4.86.0',
      { compatibility_date: '2025-01-01', compatibility_flags: ['containers_pid_namespace'] },
      ['wrangler-sidecar-image'],
    ],
    [
      '4.86.0',
      { compatibility_flags: ['no_containers_pid_namespace'] },
      ['wrangler-sidecar-image', 'wrangler-host-processes'],
    ],
    ['^4.86.0', {}, []],
  ])('is told of wrangler %s with %j', async (version, configuration, expected) => {
    expect(await codes(configuration, wrangler(version))).toEqual(expected);
  });

  it('is told of the date of an environment, as TOML writes it', async () => {
    const text = `compatibility_date = 2025-01-01\n[env.dev]\ncompatibility_date = 2026-04-01\n[[env.dev.containers]]\nclass_name = "A"\n`;
    const needs = await detectContainers(contextOf({ 'wrangler.toml': text, ...wrangler('4.86.0') }));
    expect(needsOf(needs, 'finding').map(({ code }) => code)).toEqual(['wrangler-sidecar-image']);
  });

  it('is told of an engine that the configuration names, and of the Sandbox SDK', async () => {
    expect(await codes({ dev: { container_engine: 'unix:///x.sock' } })).toEqual([
      'wrangler-container-engine',
    ]);
    const manifest = { 'package.json': '{"dependencies": {"@cloudflare/sandbox": "0.7.0"}}' };
    expect(await codes({}, manifest)).toEqual(['cloudflare-sandbox-sdk']);
    expect(await codes({ containers: [] }, manifest)).toEqual([]);
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
