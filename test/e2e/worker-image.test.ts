/**
 * Worker images when the machine fails: a disk that is full, an orchestrator that is killed. The environment is in the
 * registry already, so that no Nix is needed.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { execa, execaSync } from 'execa';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openWorker } from '../../src/worker-image/worker.ts';
import { fakeBuilder } from '../support/builder.ts';
import { describeWith } from '../support/programs.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { cli, folder, run } from './nidify.ts';

const mebibyte = 1024 * 1024;
/** Of the repository's one large file, which no compression makes smaller. */
const fileBytes = 8 * mebibyte;
const content = randomBytes(fileBytes);

const date = '2026-01-02T03:04:05Z';

async function git(cwd: string, ...args: string[]): Promise<void> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
  const env = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  const { exitCode, stderr } = await run('git', [...identity, ...args], { cwd, env });
  if (exitCode !== 0) throw new Error(stderr);
}

async function commit(project: string): Promise<void> {
  await git(project, 'add', '-A');
  await git(project, 'commit', '-q', '-m', 'change');
}

let count = 0;

/** A repository whose environment is in these registries, and whose last commit has no image. */
async function prepared(registries: readonly string[], isUrl = false): Promise<string> {
  const project = folder({ 'package.json': '{ "name": "shop", "engines": { "node": "22" } }\n' });
  await git(project, 'init', '-q', '-b', 'main');
  await git(project, 'remote', 'add', 'origin', `https://example.com/shop-${count++}.git`);
  await commit(project);
  for (const registry of registries) {
    const subject = isUrl ? `file://${project}` : project;
    const worker = await openWorker(subject, { registry: `${registry}/team`, builder: fakeBuilder() });
    await worker.build();
    await worker.close();
  }
  writeFileSync(path.join(project, 'large.bin'), content);
  await commit(project);
  return project;
}

const words = (subject: string, registry: string) => [
  ...[cli, 'image', subject, '--registry', `${registry}/team`, '--layers', 'repository', '--json'],
];

/** Digest by tag. */
async function tagsIn(registry: string): Promise<Record<string, string>> {
  const address = `http://${registry}/v2/team/snapshot`;
  const { tags } = (await (await fetch(`${address}/tags/list`)).json()) as { tags: string[] };
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const digests = tags.sort().map(async (tag) => {
    const answer = await fetch(`${address}/manifests/${tag}`, { method: 'HEAD', headers: { accept } });
    return [tag, answer.headers.get('docker-content-digest') ?? ''] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

let registry: Registry;
/** Where nothing fails. */
let other: Registry;

function withRegistries(): void {
  beforeAll(async () => {
    [registry, other] = await Promise.all([startRegistry(), startRegistry()]);
  });
  afterAll(async () => {
    await registry?.stop();
    await other?.stop();
  });
}

describeWith('a worker image', ['docker-registry', 'git'], () => {
  withRegistries();

  /** What is made of the last commit where nothing fails. */
  async function expected(project: string): Promise<string> {
    const { stdout, exitCode, stderr } = await run(process.execPath, words(project, other.address), {
      cwd: folder(),
    });
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout).worker.digest;
  }

  /** A registry's address, behind which nothing passes any more after so many bytes, until `open`. */
  async function gate(limit: number) {
    const [host = '', port = ''] = registry.address.split(':');
    let isOpen = false;
    let bytes = 0;
    let stopped = () => {};
    const full = new Promise<void>((resolve) => {
      stopped = resolve;
    });
    const server = createServer((incoming) => {
      const onward = connect(Number(port), host);
      for (const each of [incoming, onward]) each.on('error', () => {});
      incoming.on('close', () => onward.destroy());
      onward.on('close', () => incoming.destroy());
      onward.pipe(incoming);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (isOpen || bytes < limit) onward.write(chunk);
        else {
          incoming.pause();
          stopped();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const own = typeof address === 'object' && address !== null ? address.port : 0;
    const open = () => {
      isOpen = true;
    };
    return { address: `${host}:${own}`, full, open };
  }

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'whose build ends by %s in the middle of a layer has no tag, and the next build is the same image',
    async (signal) => {
      const { address, full, open } = await gate(fileBytes / 2);
      const project = await prepared([registry.address, other.address]);
      const before = await tagsIn(registry.address);
      const home = folder({ 'tmp/.keep': '' });
      const env = { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: path.join(home, 'tmp') };
      const child = execa(process.execPath, words(project, address), {
        ...{ cwd: home, env, extendEnv: false, reject: false, stdin: 'ignore' },
      });
      // A build that ends before says why, instead of being waited for.
      const early = child.then((ended): never => expect.fail(`it ended by itself: ${ended.stderr}`));
      early.catch(() => {});
      await Promise.race([full, early]);
      child.kill(signal);
      expect(await child).toMatchObject({ signal });
      expect(await tagsIn(registry.address)).toEqual(before);
      // Who is killed without a chance leaves what he has written.
      if (signal === 'SIGTERM') expect(readdirSync(env.TMPDIR)).toEqual(['.keep']);
      open();
      const again = await run(process.execPath, words(project, address), { cwd: home, env });
      expect(again.exitCode, again.stderr).toBe(0);
      const { worker } = JSON.parse(again.stdout);
      expect(worker.digest).toBe(await expected(project));
      expect((await tagsIn(registry.address))[worker.imageTag]).toBe(worker.digest);
    },
  );
});

const canMount =
  process.platform === 'linux' &&
  execaSync('unshare', ['--mount', '--propagation', 'private', 'true'], { reject: false }).exitCode === 0;

describeWith(
  'a disk of temporary files',
  canMount ? ['docker-registry', 'git'] : ['mount namespaces'],
  () => {
    withRegistries();

    /** Leaves nothing of 64 KiB. */
    const fill = 'dd if=/dev/zero of=tmp/filler bs=1024 count=64 2>/dev/null || :';

    /** Runs a build whose temporary files have so much room. */
    async function within(size: string, subject: string, more = '') {
      const place = folder();
      mkdirSync(path.join(place, 'tmp'));
      const script = [
        `mount -t tmpfs -o size=${size} tmpfs tmp`,
        more,
        'code=0; "$@" || code=$?',
        'rm -f tmp/filler; ls -A tmp > left',
        'exit $code',
      ].join('\n');
      const args = ['--mount', '--propagation', 'private', 'sh', '-ec', script, 'sh', process.execPath];
      const env = { TMPDIR: path.join(place, 'tmp') };
      const ran = await run('unshare', [...args, ...words(subject, registry.address)], { cwd: place, env });
      expect(readFileSync(path.join(place, 'left'), 'utf8')).toBe('');
      return { ...ran, place: env.TMPDIR, answer: JSON.parse(ran.stdout) };
    }

    test.each([
      ['has no room at all', '64k', fill, false],
      ['has no room for the objects of the commit', '4m', '', false],
      ['has no room for the files of the commit', '12m', '', false],
      ['has no room for the layer', '20m', '', false],
      ['has no room for what a server sends', '4m', '', true],
      ['has no room at all for what a server sends', '64k', fill, true],
    ])(
      'that %s is named, nothing is tagged or left, and with room it works',
      async (_, size, more, isUrl) => {
        const project = await prepared([registry.address], isUrl);
        const subject = isUrl ? `file://${project}` : project;
        const before = await tagsIn(registry.address);
        const failed = await within(size, subject, more);
        expect(failed.answer.error, failed.stderr).toMatchObject({
          code: 'disk-full',
          message: expect.stringContaining(`the disk of ${failed.place} is full`),
          hint: expect.stringContaining('TMPDIR'),
        });
        expect(failed.exitCode).toBe(5);
        expect(await tagsIn(registry.address)).toEqual(before);
        const again = await within('256m', subject);
        expect(again.exitCode, again.stderr).toBe(0);
        const { imageTag, digest } = again.answer.worker;
        expect((await tagsIn(registry.address))[imageTag]).toBe(digest);
      },
    );
  },
);
