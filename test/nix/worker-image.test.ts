/** Worker images in a real registry, built by real Nix. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Catalogue } from '../../src/catalogue/types.ts';
import type { ProgressEvent } from '../../src/events/progress.ts';
import { openWorker, type Worker, type WorkerOptions } from '../../src/worker-image/worker.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { describeNix, everyNix, type NixVersion, nixEnvironment } from './harness.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const environmentBefore = { ...process.env };

describeNix(
  'a worker image',
  (nixes) => {
    const newest = nixes.at(-1) as NixVersion;
    let catalogue: Catalogue;
    let scratch: string;
    let project: string;
    let registry: Registry;

    beforeAll(async () => {
      catalogue = await standInCatalogue();
      scratch = mkdtempSync(path.join(tmpdir(), 'nidify-worker-image-'));
      project = path.join(scratch, 'shop');
      mkdirSync(project);
      await git('init', '--quiet', '--initial-branch=main');
      await git('remote', 'add', 'origin', 'https://person:secret@example.com/Team/Shop.git');
      await commit('first', {
        'package.json': '{ "name": "shop", "engines": { "node": "22" } }\n',
        'src/index.js': "console.log('one')\n",
      });
      registry = await startRegistry();
    }, 300_000);
    afterEach(() => {
      process.env = { ...environmentBefore };
    });
    afterAll(async () => {
      await registry?.stop();
      rmSync(scratch, { recursive: true, force: true });
    });

    const git = (...args: string[]) =>
      execa('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);

    async function commit(message: string, files: Record<string, string>): Promise<void> {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(project, name)), { recursive: true });
        writeFileSync(path.join(project, name), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
    }

    async function withWorker<T>(
      use: (worker: Worker) => Promise<T>,
      options: Partial<WorkerOptions> = {},
      version = newest,
    ): Promise<T> {
      process.env = {
        ...environmentBefore,
        ...(await nixEnvironment(version)),
        XDG_STATE_HOME: path.join(scratch, 'state'),
      };
      const worker = await openWorker(project, {
        registry: `${registry.address}/team`,
        catalogue,
        ...options,
      });
      try {
        return await use(worker);
      } finally {
        await worker.close();
      }
    }

    /** What skopeo, which knows nothing of nidify, finds in the registry. */
    async function inspected(reference: string) {
      const { stdout } = await execa('skopeo', ['inspect', '--tls-verify=false', `docker://${reference}`]);
      return JSON.parse(stdout);
    }

    test('is built, found current, stale with the file that changed, and built again', async () => {
      const events: ProgressEvent[] = [];
      const layers = { repository: true };
      const first = await withWorker((worker) =>
        worker.build({ layers, onEvent: (event) => events.push(event) }),
      );
      expect(first.builder).toEqual({ name: 'nix', reason: expect.stringContaining('no container') });
      expect(JSON.stringify(first)).not.toContain('secret');
      expect(new Set(events.map(({ phase }) => phase))).toEqual(
        new Set(['resolve', 'build', 'repository', 'push']),
      );
      const found = await inspected(first.reference);
      expect(found.Digest).toBe(first.digest);
      expect(found.Labels['org.opencontainers.image.source']).toBe('https://example.com/Team/Shop.git');
      expect(JSON.stringify(found)).not.toContain('secret');

      await commit('source', { 'src/index.js': "console.log('two')\n", 'README.md': 'Shop\n' });
      const afterSource = await withWorker((worker) => worker.isCurrent());
      expect(afterSource).toMatchObject({
        environment: { isCurrent: true },
        repository: { isCurrent: false },
        changes: null,
      });
      const second = await withWorker((worker) => worker.build({ layers }));
      expect(second.environmentDigest).toBe(first.environmentDigest);
      expect(second.builder).toBeNull();
      expect(second.layers.filter(({ isReused }) => !isReused).map(({ kind }) => kind)).toEqual([
        'repository',
      ]);

      await commit('lock', {
        'package-lock.json': '{ "name": "shop", "lockfileVersion": 3, "packages": {} }\n',
      });
      const afterLock = await withWorker((worker) => worker.isCurrent());
      expect(afterLock.environment.isCurrent).toBe(false);
      expect(afterLock.changes).toEqual({ added: ['package-lock.json'], changed: [], removed: [] });
      const third = await withWorker((worker) => worker.build({ layers }));
      expect(third.environmentDigest).not.toBe(first.environmentDigest);
      const afterBuild = await withWorker((worker) => worker.isCurrent());
      expect(afterBuild).toMatchObject({ environment: { isCurrent: true }, repository: { isCurrent: true } });
      // An older commit still has its image.
      const older = await withWorker((worker) => worker.isCurrent(), { commit: first.commitId });
      expect(older).toMatchObject({ environment: { isCurrent: true }, repository: { isCurrent: true } });
    }, 600_000);

    test('is the same bytes by every Nix, in another registry, and from a URL', async () => {
      const other = await startRegistry();
      try {
        const digests = new Set<string>();
        for (const version of nixes.filter(({ version: text }) => Number(text.split('.')[1]) >= 18)) {
          const result = await withWorker(
            (worker) => worker.build({ layers: { repository: true }, isAnew: true }),
            { registry: `${other.address}/team` },
            version,
          );
          digests.add(result.digest);
        }
        const again = await withWorker((worker) => worker.build({ layers: { repository: true } }));
        digests.add(again.digest);
        expect(digests.size).toBe(1);
      } finally {
        await other.stop();
      }
    }, 600_000);
  },
  everyNix,
);
