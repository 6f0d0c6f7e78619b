import { describe, expect, test } from 'vitest';
import { featuresOf, type Served } from '../../src/plan/features.ts';
import type { Finding, PackageManager } from '../../src/plan/schema.ts';
import { toolchainOf } from '../support/plan.ts';

const tool = (id: string, version: string | null, because: Finding['because'] = []) =>
  toolchainOf({ key: `${id}-${version}`, id, version, because });
const manager = (id: string, version: string | null, bundledWith: string | null = null): PackageManager => ({
  ...tool(id, version),
  lockfile: null,
  runsOn: null,
  bundledWith,
});

function featuresFor(served: Partial<Served>) {
  const findings: Finding[] = [];
  const all = { toolchains: [], packageManagers: [], libraries: [], tools: [], ...served };
  const features = featuresOf(all, findings);
  return {
    features: Object.fromEntries(features.map(({ id, options }) => [id.split('/').at(-1), options])),
    findings,
  };
}

describe('devcontainer features', () => {
  test.each([
    [tool('node', '22.22.1'), 'node:2', { version: '22.22.1', pnpmVersion: 'none' }],
    [tool('node', null), 'node:2', { version: 'latest', pnpmVersion: 'none' }],
    [tool('python', '3.14.0rc1'), 'python:1', { version: '3.14', installTools: false }],
    [tool('ruby', '3.4'), 'ruby:2', { version: '3.4' }],
    [tool('php', '8.4.2'), 'php:1', { version: '8.4.2', installComposer: false }],
    [tool('java', '21.0.9'), 'java:1', { version: '21' }],
    [tool('dotnet', '10.0.100'), 'dotnet:2', { version: '10.0.100' }],
    [tool('dotnet', '8'), 'dotnet:2', { version: '8.0' }],
  ])('give %j', (toolchain, name, options) => {
    expect(featuresFor({ toolchains: [toolchain] })).toEqual({ features: { [name]: options }, findings: [] });
  });

  test('give Composer with PHP, but none of its extensions', () => {
    const because = [{ file: 'composer.json', line: 3, text: '', rule: 'php/extension' }];
    const php = {
      ...tool('php', '8.4'),
      extensions: [{ name: 'redis', grade: 'inferred' as const, because }],
    };
    const { features, findings } = featuresFor({
      toolchains: [php],
      packageManagers: [manager('composer', null, 'php-8.4')],
    });
    expect(features).toEqual({ 'php:1': { version: '8.4', installComposer: true } });
    expect(findings).toMatchObject([{ code: 'feature-extensions-missing', because }]);
  });

  test('give package managers as options of their toolchain', () => {
    const toolchains = [tool('node', '22'), tool('python', '3.13'), tool('java', '21'), tool('php', '8.4')];
    const packageManagers = [
      manager('npm', '10', 'node-22'),
      manager('pnpm', '10.4.1'),
      manager('yarn', '4'),
      manager('uv', '0.9'),
      manager('poetry', null),
      manager('maven', '3.9.11'),
      manager('gradle', null),
      manager('composer', '2.8'),
    ];
    const { features, findings } = featuresFor({ toolchains, packageManagers });
    expect(features).toEqual({
      'node:2': { version: '22', pnpmVersion: '10.4.1' },
      'python:1': { version: '3.13', installTools: true, toolsToInstall: 'uv,poetry' },
      'java:1': {
        version: '21',
        installMaven: true,
        mavenVersion: '3.9.11',
        installGradle: true,
        gradleVersion: 'latest',
      },
      'php:1': { version: '8.4', installComposer: true },
    });
    expect(findings).toEqual([]);
  });

  test('are no answer to everything: what is missing is named, with what has it', () => {
    const because = [{ file: 'mix.exs', line: 1, text: '', rule: 'elixir/mix' }];
    const { features, findings } = featuresFor({
      toolchains: [tool('node', '22'), tool('node', '16'), tool('elixir', '1.18', because)],
      packageManagers: [manager('uv', null), manager('bun', '1.3')],
      libraries: [{ ...tool('libpq', null), use: 'link' }],
      tools: [tool('bashInteractive', null), tool('protobuf', null, because)],
    });
    expect(Object.keys(features)).toEqual(['node:2']);
    expect(findings.map(({ code, message }) => [code, message])).toEqual([
      ['feature-missing', expect.stringMatching(/^node 16 .*one version/)],
      ['feature-missing', expect.stringMatching(/^elixir 1.18 .*no devcontainer feature/)],
      ['feature-missing', expect.stringMatching(/^uv .*no devcontainer feature/)],
      ['feature-missing', expect.stringMatching(/^bun 1.3 /)],
      ['feature-libraries-missing', expect.stringMatching(/libpq, protobuf$/)],
    ]);
    expect(findings[1]?.because).toEqual(because);
    expect(findings.every(({ hint }) => hint?.includes('--toolchain nix'))).toBe(true);
  });

  test('that open the container are told', () => {
    const { features, findings } = featuresFor({ toolchains: [tool('go', '1.25'), tool('rust', '1.91.0')] });
    expect(features).toEqual({ 'go:1': { version: '1.25' }, 'rust:1': { version: '1.91.0' } });
    expect(findings).toMatchObject([
      { code: 'feature-unconfined', severity: 'warning', message: expect.stringContaining('go and rust') },
    ]);
  });
});
