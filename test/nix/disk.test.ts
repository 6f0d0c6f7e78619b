/** Disks that are full or cannot be written: small ones in a mount namespace of their own. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { lockOf } from '../../src/lock/make.ts';
import { render } from '../../src/render/render.ts';
import { write } from '../../src/write/write.ts';
import { describeNix, type NixVersion, nix, nixEnvironment, prepareChannel } from './harness.ts';
import { scripted } from './scripted.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const runner = fileURLToPath(new URL('./build-runner.mjs', import.meta.url));
const library = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

interface Outcome {
  built?: { storePath: string; root: string };
  error?: { code: string; message: string; exitCode: number };
}

describeNix('a disk', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-disks-'));
  const project = path.join(storage, 'project');
  let count = 0;

  beforeAll(async () => {
    mkdirSync(project);
    writeFileSync(path.join(project, 'package.json'), '{ "name": "shop", "engines": { "node": "22" } }');
    const plan = await analyze(project, { catalogue: await standInCatalogue() });
    const files = await render(plan);
    await write(files, { directory: project, lock: lockOf(plan, files) });
  });
  afterAll(() => rmSync(storage, { recursive: true, force: true }));

  /** A folder with a store that has what the canary needs. */
  async function place(version: NixVersion): Promise<string> {
    const folder = path.join(storage, `place-${count++}`);
    for (const name of ['store', 'tmp', 'state']) mkdirSync(path.join(folder, name), { recursive: true });
    const { storePath: source } = await prepareChannel();
    const expression = `with import ${source} { }; [ "\${bash}" "\${coreutils}" ]`;
    const programs = await nix(version, ['eval', '--impure', '--json', '--expr', expression]);
    const paths = JSON.parse(programs.stdout) as string[];
    const to = ['--to', path.join(folder, 'store')];
    const copied = await nix(version, ['copy', '--no-check-sigs', ...to, source, ...paths]);
    expect(copied.exitCode, copied.stderr).toBe(0);
    return folder;
  }

  /** Builds twice; the shell text `before` and `between` prepare the disks, and mounts are gone afterwards. */
  async function twice(
    version: NixVersion,
    folder: string,
    { before, between, script }: { before: string; between: string; script: string },
  ): Promise<[Outcome, Outcome]> {
    const settings = { store: path.join(folder, 'store') };
    const request = JSON.stringify({ directory: project, files: scripted(script), settings });
    const run = '"$NODE" "$RUNNER" "$LIBRARY" "$REQUEST"';
    const { stdout, stderr } = await execa(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-ec', [before, run, between, run].join('\n')],
      {
        cwd: folder,
        env: {
          ...(await nixEnvironment(version)),
          TMPDIR: path.join(folder, 'tmp'),
          XDG_STATE_HOME: path.join(folder, 'state'),
          XDG_CACHE_HOME: path.join(folder, 'cache'),
          NODE: process.execPath,
          RUNNER: runner,
          LIBRARY: library,
          REQUEST: request,
        },
        extendEnv: false,
        reject: false,
        timeout: 120_000,
      },
    );
    const outcomes = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Outcome);
    const [first, second] = outcomes;
    if (first === undefined || second === undefined) throw new Error(`no two answers: ${stdout}${stderr}`);
    expect(readdirSync(path.join(folder, 'tmp'))).toEqual([]);
    return [first, second];
  }

  const makes30 =
    'dd if=/dev/zero of=$out bs=1048576 count=30 2>/dev/null && [ $(stat -c %s $out) = 31457280 ]';

  for (const version of nixes) {
    describe(`with Nix ${version.version}`, () => {
      test('of the store that is full: told as such, and with room the next run succeeds', async () => {
        const folder = await place(version);
        const [first, second] = await twice(version, folder, {
          // As much as there is and 12 MiB more
          before: [
            'used=$(du -sm store | cut -f1)',
            'cp -a store full',
            'mount -t tmpfs -o size=$((used + used / 4 + 12))m tmpfs store',
            'cp -a full/. store/',
          ].join('\n'),
          between: [
            'ls -A state/nidify/builds/* > left',
            'ls store/nix/store | grep scripted$ >> left || :',
            'mount -o remount,size=$((used * 2 + 100))m store',
          ].join('\n'),
          script: makes30,
        });
        expect(readFileSync(path.join(folder, 'left'), 'utf8')).toBe('');
        expect(first).toMatchObject({ error: { code: 'disk-full', exitCode: 75 } });
        expect(second.error).toBeUndefined();
        expect(second.built?.storePath).toMatch(/-scripted$/);
      });

      test('of temporary files that is full: told as such, and with room the next run succeeds', async () => {
        const folder = await place(version);
        const [first, second] = await twice(version, folder, {
          before: [
            'mount -t tmpfs -o size=64k tmpfs tmp',
            'dd if=/dev/zero of=tmp/filler bs=1024 count=64 2>/dev/null || :',
          ].join('\n'),
          between: 'rm tmp/filler; mount -o remount,size=64m tmp',
          script: 'echo > $out',
        });
        expect(first).toMatchObject({ error: { code: 'disk-full', exitCode: 75 } });
        expect(second.error).toBeUndefined();
      });

      test('of what is remembered that is full: told as such, nothing half-written, and then it works', async () => {
        const folder = await place(version);
        const [first, second] = await twice(version, folder, {
          before: [
            'mount -t tmpfs -o size=64k tmpfs state',
            'dd if=/dev/zero of=state/filler bs=1024 count=64 2>/dev/null || :',
          ].join('\n'),
          between: 'find state -type f -not -name filler > left; rm state/filler',
          script: 'echo > $out',
        });
        expect(first).toMatchObject({ error: { code: 'disk-full', exitCode: 75 } });
        expect(second.error).toBeUndefined();
        expect(readFileSync(path.join(folder, 'left'), 'utf8')).toBe('');
      });

      test('of the store that cannot be written: told as such, and writable it works', async () => {
        const folder = await place(version);
        const [first, second] = await twice(version, folder, {
          before: 'mount --bind store store; mount -o remount,ro,bind store',
          between: 'umount store',
          script: 'echo > $out',
        });
        expect(first).toMatchObject({ error: { code: 'store-not-writable', exitCode: 4 } });
        expect(second.error).toBeUndefined();
        expect(existsSync(path.join(folder, 'store', second.built?.storePath ?? 'none'))).toBe(true);
      });
    });
  }
});
