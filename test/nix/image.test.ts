import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';
import { type ImageArguments, image } from '../../src/cli/commands/image.ts';
import { imageResultSchema } from '../../src/cli/results/index.ts';
import { stages } from '../../src/cli/stages.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { capturedIo } from '../support/io.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const environmentBefore = { ...process.env };

describeNix('nidify image', (nixes) => {
  let catalogue: Catalogue;
  let scratch: string;
  let project: string;

  beforeAll(async () => {
    catalogue = await standInCatalogue();
    scratch = mkdtempSync(path.join(tmpdir(), 'nidify-image-'));
    project = path.join(scratch, 'project');
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "name": "Shop", "engines": { "node": "22" } }\n');
    const plan = await analyze(project, { catalogue });
    const files = await render(plan);
    await write(files, { directory: project, lock: lockOf(plan, files) });
  });
  afterEach(() => {
    process.env = { ...environmentBefore };
  });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  /** Runs the command on the project with this Nix. */
  async function made(version: NixVersion, args: ImageArguments) {
    process.env = {
      ...environmentBefore,
      ...(await nixEnvironment(version)),
      // Nothing is remembered from runs before this one.
      XDG_STATE_HOME: path.join(scratch, 'state'),
    };
    const io = capturedIo();
    const context = {
      io,
      base: scratch,
      quiet: true,
      stages: {
        ...stages,
        analyze: async (directory: string, options: object) => {
          const plan = await analyze(directory, { ...options, catalogue });
          // The stand-in for nixpkgs can be evaluated by every version of Nix.
          for (const input of plan.nixpkgs) input.minimumNix = '2.4';
          return plan;
        },
      },
    };
    expect(await image({ directory: project, json: true, ...args }, context)).toBe(0);
    return imageResultSchema.parse(JSON.parse(io.stdout()));
  }

  test('gives the same bytes with every Nix, and each time', async () => {
    const results = [];
    for (const version of nixes) {
      results.push(
        await made(version, {
          to: `oci:first-${version.version}`,
          compression: 'none',
          sbom: `${version.version}.json`,
        }),
      );
    }
    results.push(await made(nixes.at(-1) as NixVersion, { to: 'oci:again', compression: 'none' }));
    const [first, ...others] = results;
    expect(first?.image?.manifest.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const { image: other } of others) {
      expect(other?.manifest).toEqual(first?.image?.manifest);
      expect(other?.layers).toEqual(first?.image?.layers);
    }
    const [sbom, ...otherSboms] = nixes.map(({ version }) =>
      readFileSync(path.join(scratch, `${version}.json`), 'utf8'),
    );
    expect(sbom).toContain('nodejs');
    for (const other of otherSboms) expect(other).toBe(sbom);
  });

  test('starts its command in the environment, as a user without rights', async () => {
    const version = nixes.at(-1) as NixVersion;
    const result = await made(version, { to: 'oci:run', compression: 'none', maxLayers: '8' });
    expect(result.image?.layers).toHaveLength(8);
    const root = path.join(scratch, 'root');
    mkdirSync(root);
    const blob = (digest: string) => path.join(scratch, 'run/blobs/sha256', digest.replace('sha256:', ''));
    for (const { digest } of result.image?.layers ?? []) {
      await execa('tar', ['--extract', '--same-owner', '--same-permissions', '-f', blob(digest), '-C', root]);
    }
    const { config } = JSON.parse(readFileSync(blob(result.image?.config.digest ?? ''), 'utf8'));
    expect(config).toMatchObject({ User: '1000', Cmd: ['bash'], WorkingDir: '/work' });
    expect(config.Labels).toMatchObject({
      'org.opencontainers.image.title': 'Shop',
      'dev.nidify.plan-digest': expect.stringMatching(/^sha256-/),
    });
    const env = Object.fromEntries(config.Env.map((each: string) => each.split(/=(.*)/s).slice(0, 2)));
    const script = [
      'id -u',
      'node --version',
      'cd "$HOME" && pwd && : > mine && : > /work/mine && : > /tmp/mine && echo writable',
      '/usr/bin/env true && echo env',
      'test -r "$SSL_CERT_FILE" && test -r /etc/ssl/certs/ca-certificates.crt && echo certificates',
    ].join('\n');
    const { stdout } = await execa(
      '/usr/sbin/chroot',
      ['--userspec=1000:1000', root, ...config.Entrypoint, ...config.Cmd, '-ec', script],
      { env, extendEnv: false },
    );
    expect(stdout).toMatch(/^1000\nv22\.\d+\.\d+\n\/home\/nidify\nwritable\nenv\ncertificates$/);
    const shell = await execa(
      '/usr/sbin/chroot',
      ['--userspec=1000:1000', root, '/bin/sh', '-c', 'echo plain'],
      {
        env,
        extendEnv: false,
      },
    );
    expect(shell.stdout).toBe('plain');
  });

  test('is of what the repository asks for, when the files are older', async () => {
    const manifest = path.join(project, 'package.json');
    const before = readFileSync(manifest, 'utf8');
    const version = nixes.at(-1) as NixVersion;
    const labelsOf = async (to: string) => {
      const result = await made(version, { to: `oci:${to}`, compression: 'none' });
      const digest = result.image?.config.digest.replace('sha256:', '') ?? '';
      const text = readFileSync(path.join(scratch, to, 'blobs/sha256', digest), 'utf8');
      return JSON.parse(text).config.Labels;
    };
    try {
      const old = await labelsOf('current');
      writeFileSync(manifest, '{ "name": "Shop", "engines": { "node": ">=22" } }\n');
      const labels = await labelsOf('stale');
      expect(labels['dev.nidify.plan-digest']).toMatch(/^sha256-/);
      expect(labels['dev.nidify.plan-digest']).not.toBe(old['dev.nidify.plan-digest']);
    } finally {
      writeFileSync(manifest, before);
    }
  });

  test('is of less where it is for running only, and says so', async () => {
    const configuration = path.join(project, 'nidify.jsonc');
    writeFileSync(configuration, '{ "libraries": { "add": ["openssl"] } }');
    try {
      const version = nixes.at(-1) as NixVersion;
      const all = await made(version, { explainSize: true });
      const least = await made(version, { runtime: true, to: 'oci:runtime', compression: 'none' });
      const names = (result: typeof all) => result.planned.flatMap(({ paths }) => paths).join(' ');
      expect(names(all)).toMatch(/gcc/);
      expect(names(least)).not.toMatch(/gcc|binutils/);
      expect(names(least)).toMatch(/nodejs.*ssl|ssl.*nodejs/);
      expect(least.closureSize).toBeLessThan(all.closureSize);
      const digest = least.image?.config.digest.replace('sha256:', '') ?? '';
      const config = JSON.parse(readFileSync(path.join(scratch, 'runtime/blobs/sha256', digest), 'utf8'));
      expect(config.config.Labels['dev.nidify.closure']).toBe('runtime');
    } finally {
      rmSync(configuration);
    }
  });

  test('says what makes it large without making it', async () => {
    const result = await made(nixes.at(-1) as NixVersion, { explainSize: true });
    expect(result.image).toBeNull();
    expect(result.planned.flatMap(({ paths }) => paths)).toContain(result.environment);
    expect(result.planned.reduce((sum, { size }) => sum + size, 0)).toBe(result.closureSize);
  });
});
