import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerfileParser } from 'dockerfile-ast';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { NidifyError } from '../../../src/errors.ts';
import type { Plan } from '../../../src/plan/schema.ts';
import { installation } from '../../../src/render/container/installation.ts';
import { renderContainer } from '../../../src/render/container/render.ts';
import { hostile, seed } from '../hostile.ts';
import { project, variants } from './plans.ts';
import { devcontainerSchema } from './specification.ts';

const root = mkdtempSync(join(tmpdir(), 'nidify-hostile-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const noCommands = { install: null, build: null, test: null, start: null, dev: null, lint: null };
const references = [
  '${localEnv:CANARY}',
  '${env:CANARY}',
  '${containerEnv:CANARY}',
  '${localWorkspaceFolder}',
];
const text = fc.oneof(
  { weight: 3, arbitrary: hostile },
  { weight: 1, arbitrary: fc.tuple(hostile, fc.constantFrom(...references)).map((parts) => parts.join('')) },
);

/** What readers of devcontainer.json replace, wherever it stands. */
const replaced = /\$\{.*?\}/g;
const ours = new Set(['${localWorkspaceFolder}', '${devcontainerId}']);

interface Values {
  name: string;
  version: string;
  file: string;
  variable: string;
  path: string;
  command: string;
  ports: number[];
}
const values: fc.Arbitrary<Values> = fc.record({
  name: text,
  version: text,
  file: text,
  variable: text,
  path: text,
  command: text,
  ports: fc.array(fc.integer({ min: -1, max: 70_000 }), { maxLength: 4 }),
});

function planFrom({ name, version, file, variable, path, command, ports }: Values, from: Plan): Plan {
  const because = [{ file, line: 1, text: file, rule: file }];
  return {
    ...from,
    generator: { name: 'nidify', version },
    repository: { ...from.repository, name },
    target: { ...from.target, because },
    nestedContainers: from.nestedContainers.map((each) => ({ ...each, version, because })),
    variables: [variable, 'API_TOKEN'].map((each) => ({ name: each, value: null, required: true, because })),
    projects: [
      project({ commands: { ...noCommands, install: command }, ports, because }),
      project({ path, name, commands: { ...noCommands, install: command }, ports, because }),
    ],
  };
}

function filesOf(plan: Plan): Map<string, string> {
  return new Map(renderContainer(plan).map(({ path, text }) => [path.replace('.devcontainer/', ''), text]));
}

const instructionsOf = (dockerfile: string) =>
  DockerfileParser.parse(dockerfile)
    .getInstructions()
    .map((instruction) => [instruction.getKeyword(), instruction.getArgumentsContent()]);

const yamlOf = (text: string | undefined) => (text === undefined ? undefined : parse(text));

describe(`hostile values in a plan of a container (SEED=${seed})`, () => {
  test.each(Object.entries(variants))('change texts of "%s" and nothing else', (_name, from) => {
    const plain = filesOf(from);
    fc.assert(
      fc.property(values, (all) => {
        const files = filesOf(planFrom(all, from));
        expect([...files.keys()]).toEqual([...plain.keys()]);

        // An instruction, a stage or an argument more would be there.
        expect(instructionsOf(files.get('Dockerfile') ?? '')).toEqual(
          instructionsOf(plain.get('Dockerfile') ?? ''),
        );
        const { name: _its, ...compose } = yamlOf(files.get('compose.yaml')) ?? {};
        const { name: _plain, ...expected } = yamlOf(plain.get('compose.yaml')) ?? {};
        expect(compose).toEqual(expected);

        const before = JSON.parse(plain.get('devcontainer.json') ?? '');
        const value = JSON.parse(files.get('devcontainer.json') ?? '');
        devcontainerSchema.parse(value);
        const { name: _a, secrets = {}, updateContentCommand, forwardPorts = [], ...rest } = value;
        const { name: _b, secrets: _c, updateContentCommand: _d, forwardPorts: _e, ...same } = before;
        expect(rest).toEqual({ ...same, customizations: rest.customizations });
        expect(Object.keys(secrets)).toContain('API_TOKEN');
        const wanted = new Set(all.ports.filter((port) => port > 0 && port < 65_536));
        expect(forwardPorts).toEqual([...wanted].sort((a, b) => a - b));
        expect(updateContentCommand).toBe(installation(planFrom(all, from)));
        const found = (files.get('devcontainer.json') ?? '').match(replaced) ?? [];
        expect(found.filter((each) => !ours.has(each))).toEqual([]);

        for (const script of ['boot.sh', 'toolchain/build.sh', 'docker-policy.mjs', 'seccomp.json'])
          expect(files.get(script)).toBe(plain.get(script));
        expect(files.get('.dockerignore')).toBe(plain.get('.dockerignore'));
      }),
      { numRuns: 150, seed },
    );
  });

  test.each([
    'debian',
    'docker.io/library/debian:x\nRUN id',
    'docker.io/library/debian --platform=x',
    '',
    '$X',
  ])('no base image is %j', (reference) => {
    const images = [{ key: 'base' as const, reference, digest: null }];
    const { container } = variants.features;
    const plan: Plan = { ...variants.features, container: { ...container, images } };
    expect(() => renderContainer(plan)).toThrow(NidifyError);
  });
});

describe('what installs the dependencies', () => {
  const install = (...projects: [path: string, command: string][]) =>
    installation({
      ...variants.rootless,
      projects: projects.map(([path, command]) =>
        project({ path, commands: { ...noCommands, install: command } }),
      ),
    });

  test('is as a person would type it', () => {
    expect(install(['.', 'npm ci'])).toBe('npm ci');
    expect(install(['web', 'npm ci --no-audit'])).toBe('cd -- web && npm ci --no-audit');
    expect(install(['.', 'uv sync'], ['web', 'npm ci'])).toBe('(uv sync) && (cd -- web && npm ci)');
    expect(install()).toBeNull();
  });

  test('is refused with control characters in it', () => {
    expect(() => install(['.', 'npm ci \u0007'])).toThrow(NidifyError);
    expect(() => install(['a\u0000b', 'npm ci'])).toThrow(NidifyError);
    expect(() => install(['.', 'npm ci \u202e'])).toThrow(NidifyError);
  });

  test('gives each command to a shell of its own, byte for byte', () => {
    const folder = join(root, 'bytes');
    mkdirSync(folder);
    fc.assert(
      fc.property(hostile, (argument) => {
        // The command is text for a shell; what it hands on must be what it was.
        const quoted = `'${argument.replaceAll("'", "'\\''")}'`;
        const line = install(['.', `printf '%s|' ${quoted}`], ['.', 'printf "%s|" $((1 + 1)) # (']);
        const printed = execFileSync('sh', ['-c', line ?? ''], { cwd: folder, encoding: 'utf8' });
        expect(printed).toBe(`${argument}|2|`);
      }),
      { numRuns: 50, seed },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  test('enters any folder, and one that is not there ends it', () => {
    const folder = join(root, 'folders');
    mkdirSync(folder);
    for (const name of ['a b', '-x', "it's", '$(id)', '${localEnv:HOME}', '#x', '~', 'a\nb']) {
      mkdirSync(join(folder, name));
      const line = install([name, 'pwd']);
      expect(execFileSync('sh', ['-c', line ?? ''], { cwd: folder, encoding: 'utf8' })).toBe(
        `${join(folder, name)}\n`,
      );
    }
    const line = install(['missing', 'pwd'], ['.', 'pwd']) ?? '';
    expect(() => execFileSync('sh', ['-c', line], { cwd: folder, stdio: 'pipe' })).toThrow();
  });
});
