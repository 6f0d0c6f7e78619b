/** What `build`, `run` and `shell` say about a container before an engine or Nix is asked. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { resultSchema } from '../../src/cli/results/index.ts';
import { runCommand } from '../../src/cli/run.ts';
import { capturedIo } from '../support/io.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'nidify-container-'));
  writeFileSync(path.join(root, 'package.json'), JSON.stringify({ name: 'shop', engines: { node: '22' } }));
  // No engine and no Nix: what is refused is refused before them, and what is not ends there.
  vi.stubEnv('PATH', root);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

async function run(...argv: string[]) {
  const io = capturedIo({ cwd: root, columns: 120 });
  const exitCode = await runCommand(argv, io);
  return { exitCode, stdout: io.stdout(), stderr: io.stderr() };
}
const build = (...argv: string[]) => run('build', '--target', 'container', ...argv);
const toolMissing = 4;

describe('names of images', () => {
  test.each(['Shop', 'a@b', 'shop:', '-v', 'debian@sha256:' + 'a'.repeat(64)])(
    '--tag %s is none, for a container as for an image',
    async (name) => {
      const said = [await build(`--tag=${name}`), await run('image', '--load', `--tag=${name}`)];
      for (const { exitCode, stderr } of said)
        expect([exitCode, stderr]).toEqual([2, expect.stringContaining('is not the name')]);
    },
  );

  test.each(['shop', 'shop:1.0', 'localhost:5000/a__b/shop:1.0', 'Registry.example.com/shop'])(
    '--tag %s is one',
    async (name) => {
      expect((await build('--tag', name)).exitCode).toBe(toolMissing);
    },
  );

  test('a base image may have a digest too', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    for (const name of ['debian', 'debian:trixie-slim', `debian@${digest}`, `localhost/a/b:1@${digest}`])
      expect((await build('--base-image', name)).exitCode).toBe(toolMissing);
    for (const name of ['Debian', 'a b', '--flag', 'debian@sha256:1'])
      expect((await build(`--base-image=${name}`)).exitCode).toBe(2);
  });
});

describe('a base image of the repository', () => {
  const named = (base: string) =>
    writeFileSync(
      path.join(root, 'nidify.jsonc'),
      JSON.stringify({ target: 'container', container: { base } }),
    );
  const strangers = [
    'registry.example.com/team/base:1',
    'docker.io/evil/debian:trixie-slim',
    'docker.io/library/debian-slim:1',
    'docker.io.example.com/library/debian:trixie-slim',
    `localhost/library/debian@sha256:${'a'.repeat(64)}`,
  ];

  test.each(strangers)('%s is refused until it is trusted', async (base) => {
    named(base);
    for (const [code, ...words] of [
      [6, 'build'],
      [125, 'run', '--', 'true'],
      [125, 'shell'],
    ] as const) {
      const { exitCode, stderr } = await run(...words);
      expect([exitCode, stderr]).toEqual([code, expect.stringContaining(base.split('@')[0] ?? '')]);
      expect(stderr).toContain('--trust-base');
    }
    for (const option of ['--trust-base', `--base-image=${base}`, '--base-image=debian:trixie-slim'])
      expect((await run('build', option)).exitCode).toBe(toolMissing);
    expect((await run('run', '--trust-base', '--', 'true')).stderr).toContain('no container engine');
    const { exitCode, stdout } = await run('--json');
    expect(exitCode).toBe(0);
    const codes = JSON.parse(stdout).findings.map(({ code }: { code: string }) => code);
    expect(codes).toContain('base-untrusted');
    // What was written is built as it is when that is asked for.
    expect((await run('build', '--trust-files')).exitCode).toBe(toolMissing);
  });

  test.each(['docker.io/library/debian:bookworm', `docker.io/library/debian@sha256:${'a'.repeat(64)}`])(
    "%s is Debian's own",
    async (base) => {
      named(base);
      expect((await run('build')).exitCode).toBe(toolMissing);
      expect((await run('--json')).stdout).not.toContain('base-untrusted');
    },
  );

  test('is nothing that an environment of Nix alone is built upon', async () => {
    const { exitCode, stderr } = await run('build', '--trust-base');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--trust-base')]);
  });
});

test('of an image that is there nothing is said about the memory of its build', async () => {
  const made = path.join(root, 'made');
  const program = (name: string, text: string) =>
    writeFileSync(path.join(root, name), `#!${process.execPath}\n${text}`, { mode: 0o755 });
  program('devcontainer', `if (process.argv[2] === 'build') require('fs').writeFileSync('${made}', '');`);
  program(
    'docker',
    `if (process.argv[2] === 'version') console.log('26.1.5');
else if (!require('fs').existsSync('${made}')) process.exitCode = 1;
else console.log('sha256:${'a'.repeat(64)}');`,
  );
  writeFileSync(path.join(root, 'nidify.jsonc'), '{ "container": { "toolchain": "features" } }');
  const image = async () => {
    const { stdout } = await build('--engine', 'devcontainer', '--json');
    const result = resultSchema.parse(JSON.parse(stdout));
    return 'image' in result ? result.image : null;
  };
  expect(await image()).toMatchObject({ remembered: false, memoryLimit: false });
  expect(existsSync(made)).toBe(true);
  expect(await image()).toMatchObject({ remembered: true, memoryLimit: null });
});
