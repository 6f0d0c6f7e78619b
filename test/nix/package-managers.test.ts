/** Dependencies of an image, by each package manager that can be had here, from the public registries' stand-ins. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { type Built, build } from '../../src/build/build.ts';
import { defaultNixSettings } from '../../src/build/nix.ts';
import type { Catalogue } from '../../src/catalogue/types.ts';
import { childEnvironment } from '../../src/exec.ts';
import { installDependencies } from '../../src/image/dependencies/install.ts';
import { dependenciesDigest, selectDependencies } from '../../src/image/dependencies/select.ts';
import { tar } from '../../src/image/tar.ts';
import { render } from '../../src/render/render.ts';
import { registryHosts } from '../../src/sandbox/registries.ts';
import { treeOfDirectory } from '../support/file-tree.ts';
import {
  configuredRegistry,
  type PackageRegistries,
  startPackageRegistries,
  toldByBuild,
} from '../support/package-registries.ts';
import { describeNix, type NixVersion, nixEnvironment } from './harness.ts';
import { type Example, examples } from './package-managers.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

type Files = Record<string, string>;

describeNix('dependencies of an image', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-package-managers-test-'));
  const environmentBefore = { ...process.env };
  let env: Record<string, string>;
  let catalogue: Catalogue;
  let registries: PackageRegistries;
  /** By the manager. */
  const environments = new Map<string, Built>();
  let count = 0;

  beforeAll(async () => {
    env = await nixEnvironment(nixes.at(-1) as NixVersion);
    catalogue = await standInCatalogue();
    process.env = { ...env };
    registries = await startPackageRegistries();
    // One repository with all of them, so that few environments are built.
    const all = Object.entries(examples(registries)).flatMap(([name, { files }]) =>
      Object.entries(files).map(([file, text]) => [`${name}/${file}`, text]),
    );
    const { directory, plan } = await repository(Object.fromEntries(all));
    const files = await render(plan);
    for (const { name: environment, projects } of plan.environments) {
      const settings = { ...defaultNixSettings, timeoutMs: 600_000 };
      const built = await build(plan, { repository: directory, files, environment, settings, mirror: null });
      for (const project of projects) environments.set(project, built);
    }
  });
  beforeEach(() => {
    process.env = { ...env };
  });
  afterEach(() => {
    process.env = { ...environmentBefore };
  });
  afterAll(() => {
    registries.close();
    rmSync(storage, { recursive: true, force: true });
  });

  async function repository(files: Files) {
    const directory = path.join(storage, `repository-${count++}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    const plan = await analyze(directory, { catalogue });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
    return { directory, plan };
  }

  async function selected(files: Files) {
    const { directory, plan } = await repository(files);
    const selection = await selectDependencies(plan, await treeOfDirectory(directory));
    return { directory, selection, digest: dependenciesDigest(selection, 'e') };
  }

  function environmentOf(name: string): Built {
    const found = environments.get(name);
    if (found === undefined) throw new Error(`there is no environment of ${name}`);
    return found;
  }

  async function installed(name: string, files: Files, words?: string, configured = {}) {
    const { directory, selection } = await selected(files);
    // By port, since where this machine says that they are may be no public address.
    const hosts = selection.installations.flatMap((each) =>
      each.registries.flatMap((registry) => registryHosts[registry] ?? []).map((host) => `${host}:443`),
    );
    const made = await installDependencies(selection, {
      directory,
      environments: new Map([['default', environmentOf(name)]]),
      hostEnv: childEnvironment({ ...env, ...registries.env }),
      network: words ?? hosts.join(','),
      configuration: { ...env, ...configured },
    });
    if (made === null) throw new Error(`nothing was installed: ${JSON.stringify(selection.notices)}`);
    try {
      const archive = Buffer.concat(await Readable.from(tar(made.entries())).toArray());
      return { archive, reached: made.reached };
    } finally {
      made.remove();
    }
  }

  /** As in a container of the image: what it has, at its place, with the files of the repository, and no network. */
  async function inImage(name: string, archive: Buffer, { files, run }: Example): Promise<string> {
    const root = path.join(storage, `root-${count++}`);
    mkdirSync(path.join(root, 'home/nidify'), { recursive: true });
    await execa('tar', ['--no-same-owner', '-xf', '-', '-C', root], { input: archive });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, 'work', file)), { recursive: true });
      writeFileSync(path.join(root, 'work', file), text);
    }
    const { stdout } = await execa('bwrap', [
      ...['--unshare-all', '--clearenv', '--setenv', 'HOME', '/home/nidify', '--tmpfs', '/tmp'],
      ...['--proc', '/proc', '--dev', '/dev', '--ro-bind', '/nix/store', '/nix/store'],
      ...[
        '--bind',
        path.join(root, 'work'),
        '/work',
        '--bind',
        path.join(root, 'home/nidify'),
        '/home/nidify',
      ],
      ...['--chdir', '/work', '--', path.join(environmentOf(name).storePath, 'bin/enter'), ...run],
    ]);
    return stdout;
  }

  // The rows need registries, which are not there yet when tests are told.
  const names = Object.keys(examples(null));

  test.each(names)('%s', async (name) => {
    const example = examples(registries)[name] as Example;
    const { files, lock, source, command } = example;
    const { selection, digest } = await selected(files);
    expect(selection.notices).toEqual([]);
    expect(selection.installations.map((each) => each.command)).toEqual([command]);
    // Its lock file decides, and its sources do not.
    expect((await selected({ ...files, [source]: `${files[source]}\n` })).digest).toBe(digest);
    expect((await selected({ ...files, [lock]: `${files[lock]}\n` })).digest).not.toBe(digest);

    const both = await Promise.all([installed(name, files), installed(name, files)]);
    const [first, second] = both.map(({ archive }) => archive) as [Buffer, Buffer];
    const contents = await contentsOf(first);
    expect(contents.filter((line) => /__pycache__|\/ran$/.test(line))).toEqual([]);
    expect(await contentsOf(second)).toEqual(contents);
    expect(second.equals(first)).toBe(true);
    expect(await inImage(name, first, example)).toBe('lucky 7');
  });

  test.each(['pnpm', 'yarn-berry', 'bun', 'deno'])(
    '%s asks the registry that is configured, and no other of its kind',
    async (name) => {
      const { files } = examples(registries)[name] as Example;
      const configured = { npm_config_registry: `https://${configuredRegistry}/` };
      const { reached } = await installed(name, files, 'npm,jsr.io:443', configured);
      expect(reached.filter((each) => each !== 'jsr.io:443')).toEqual([`${configuredRegistry}:443`]);
    },
  );

  test.each(['pip', 'poetry', 'pipenv', 'pdm'])(
    '%s builds nothing of a package without a wheel',
    async (name) => {
      const { files } = examples(registries, 'sdist')[name] as Example;
      const error: unknown = await installed(name, files).catch((failure) => failure);
      expect(error).toMatchObject({ code: 'dependencies-failed', message: expect.stringContaining('lucky') });
      expect(String(error)).not.toContain(toldByBuild);
    },
  );

  /** A line for each file: its digest and its name. */
  async function contentsOf(archive: Buffer): Promise<string[]> {
    const root = path.join(storage, `contents-${count++}`);
    mkdirSync(root);
    await execa('tar', ['--no-same-owner', '-xf', '-', '-C', root], { input: archive });
    const { stdout } = await execa('sh', ['-c', 'find . -type f -exec sha256sum {} + | sort -k 2'], {
      cwd: root,
    });
    return stdout.split('\n');
  }
});
