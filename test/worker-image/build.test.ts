import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProgressEvent } from '../../src/events/progress.ts';
import { textFile } from '../../src/image/store-files.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { buildWorkerImage, type WorkerImageInput } from '../../src/worker-image/build.ts';
import { currencyOf } from '../../src/worker-image/currency.ts';
import { manifestFor, nameForPlatform, ownArchitecture } from '../../src/worker-image/platforms.ts';
import type { Builder } from '../../src/worker-image/types.ts';
import { fakeBuilder } from '../support/builder.ts';
import { folderWith } from '../support/folder.ts';
import { type MemoryRegistry, memoryRegistry, sha256 } from './memory-registry.ts';

const planWith = (blob: string) =>
  ({
    generator: { name: 'nidify', version: '1.0.0' },
    repository: {
      name: 'shop',
      digest: `sha256-${blob}`,
      source: { url: 'https://example.com/shop.git', branch: 'main', commit: null },
      inputs: [
        { path: 'package.json', blob },
        { path: 'main.py', blob: null },
      ],
    },
    target: { kind: 'nix' },
  }) as unknown as Plan;

const commitA = 'a'.repeat(40);
const commitB = 'b'.repeat(40);

interface Change {
  registry: MemoryRegistry;
  builder?: Builder;
  commit?: string;
  blob?: string;
  dependencies?: string | null;
  repository?: boolean;
  isAnew?: boolean;
  architecture?: string;
  onEvent?: (event: ProgressEvent) => void;
}

function inputOf({ registry, builder = fakeBuilder(), ...change }: Change): WorkerImageInput {
  const { commit = commitA, blob = '1'.repeat(40), dependencies = null, repository = true } = change;
  return {
    plan: planWith(blob),
    inputs: { 'package.json': blob, 'main.py': null },
    commit: { id: commit, url: 'https://example.com/shop.git', branch: 'main', time: '2026-01-02T03:04:05Z' },
    registry,
    imageName: 'registry.example.com/snapshot',
    environmentDigest: blob.repeat(2).slice(0, 64),
    closure: 'development',
    builder: async () => builder,
    wanted: { dependencies: dependencies !== null, repository },
    dependencies:
      dependencies === null
        ? null
        : {
            digest: dependencies.repeat(64).slice(0, 64),
            async *files() {
              yield textFile('work/node_modules/a.js', dependencies);
            },
          },
    async *repository() {
      yield textFile('work/commit', commit);
    },
    compression: 'gzip',
    isAnew: change.isAnew ?? false,
    onEvent: change.onEvent,
  };
}

const build = (change: Change) => buildWorkerImage(inputOf(change));

function manifestOf(registry: MemoryRegistry, tag: string) {
  const stored = registry.manifests.get(registry.tags.get(tag) ?? '');
  return JSON.parse(stored?.bytes.toString('utf8') ?? 'null');
}

describe('a worker image', () => {
  it('is named by repository and commit, and says what it is', async () => {
    const registry = memoryRegistry();
    const result = await build({ registry });
    expect(result.imageTag).toMatch(/^[0-9a-f]{12}-aaaaaaaaaaaa$/);
    expect(result.reference).toBe(`registry.example.com/snapshot:${result.imageTag}`);
    expect([...registry.tags.keys()].sort()).toEqual([...result.tags].sort());
    expect(registry.tags.get(result.imageTag)).toBe(result.digest);
    const manifest = manifestOf(registry, result.imageTag);
    expect(manifest.layers.map((each: { annotations: object }) => each.annotations)).toEqual([
      { 'dev.nidify.layer': 'environment' },
      { 'dev.nidify.layer': 'repository' },
    ]);
    const config = JSON.parse(registry.blobs.get(manifest.config.digest)?.toString('utf8') ?? '');
    expect(config.config.Entrypoint).toEqual(['/enter']);
    expect(config.config.Labels).toEqual({
      kept: 'yes',
      'dev.nidify.closure': 'development',
      'dev.nidify.environment-digest': '1'.repeat(64),
      'dev.nidify.generator': 'nidify 1.0.0',
      'dev.nidify.plan-digest': `sha256-${'1'.repeat(40)}`,
      'dev.nidify.repository-hash': result.repoUrlHash,
      'org.opencontainers.image.created': '2026-01-02T03:04:05Z',
      'org.opencontainers.image.ref.name': 'main',
      'org.opencontainers.image.revision': commitA,
      'org.opencontainers.image.source': 'https://example.com/shop.git',
      'org.opencontainers.image.title': 'shop',
      'org.opencontainers.image.version': 'aaaaaaaaaaaa',
    });
    expect(JSON.parse(manifest.annotations['dev.nidify.inputs'])).toEqual({
      'package.json': '1'.repeat(40),
      'main.py': null,
    });
    expect(config.rootfs.diff_ids).toHaveLength(2);
  });

  it('is left alone when it is there', async () => {
    const registry = memoryRegistry();
    const builder = fakeBuilder();
    const first = await build({ registry, builder });
    registry.calls = [];
    const again = await build({ registry, builder });
    expect(again.digest).toBe(first.digest);
    expect(again.layers.every(({ isReused }) => isReused)).toBe(true);
    expect(again.builder).toBeNull();
    expect(registry.calls.map((each) => each.split(' ')[0])).toEqual(['manifest', 'blob']);
    expect(builder.count).toBe(1);
  });

  it('of another commit with the same environment builds nothing', async () => {
    const registry = memoryRegistry();
    const builder = fakeBuilder();
    await build({ registry, builder });
    const other = await build({ registry, builder, commit: commitB });
    expect(builder.count).toBe(1);
    expect(other.layers.map(({ kind, isReused }) => [kind, isReused])).toEqual([
      ['environment', true],
      ['repository', false],
    ]);
    expect(manifestOf(registry, other.imageTag).annotations['org.opencontainers.image.revision']).toBe(
      commitB,
    );
  });

  it('without the repository in it is a tag of another name', async () => {
    const registry = memoryRegistry();
    await build({ registry, repository: false });
    registry.calls = [];
    const other = await build({ registry, repository: false, commit: commitB });
    expect(other.layers.map(({ isReused }) => isReused)).toEqual([true]);
    expect(registry.calls.filter((each) => each.startsWith('putBlob'))).toHaveLength(1);
  });

  it('keeps what was installed until a lock file changes', async () => {
    const registry = memoryRegistry();
    const installed: string[] = [];
    const onEvent = ({ phase, state }: ProgressEvent) => {
      if (phase === 'dependencies' && state === 'started') installed.push(phase);
    };
    await build({ registry, dependencies: '1', onEvent });
    const other = await build({ registry, dependencies: '1', commit: commitB, onEvent });
    expect(installed).toHaveLength(1);
    expect(other.layers.map(({ kind, isReused }) => [kind, isReused])).toEqual([
      ['environment', true],
      ['dependencies', true],
      ['repository', false],
    ]);
    const changed = await build({ registry, dependencies: '2', commit: 'c'.repeat(40), onEvent });
    expect(installed).toHaveLength(2);
    expect(changed.layers.map(({ isReused }) => isReused)).toEqual([true, false, false]);
    expect(changed.dependenciesDigest).toBe('2'.repeat(64));
  });

  it('is the same bytes whoever builds it, and in whichever registry', async () => {
    const [one, other] = [memoryRegistry(), memoryRegistry()];
    const first = await build({ registry: one, dependencies: '1' });
    // By way of another commit, so that parts come from the registry.
    await build({ registry: other, dependencies: '1', commit: commitB });
    const second = await build({ registry: other, dependencies: '1' });
    expect(second.digest).toBe(first.digest);
    expect(second.tags).toEqual(first.tags);
  });

  it('is made anew when that is asked for', async () => {
    const registry = memoryRegistry();
    const builder = fakeBuilder();
    const first = await build({ registry, builder });
    const again = await build({ registry, builder, isAnew: true });
    expect(builder.count).toBe(2);
    expect(again.digest).toBe(first.digest);
  });

  it('leaves no wrong or partial tag whatever fails, and a second try succeeds', async () => {
    const whole = memoryRegistry();
    const expected = await build({ registry: whole, dependencies: '1' });
    const calls = whole.calls.length;
    expect(calls).toBeGreaterThan(8);
    for (let failAt = 1; failAt <= calls; failAt++) {
      const registry = memoryRegistry();
      registry.failAt = failAt;
      await expect(build({ registry, dependencies: '1' })).rejects.toThrow('cut at');
      for (const [tag, digest] of registry.tags) {
        expect(digest, `${tag} after the failure of call ${failAt}`).toBe(whole.tags.get(tag));
      }
      registry.failAt = 0;
      const retried = await build({ registry, dependencies: '1' });
      expect(retried.digest).toBe(expected.digest);
      expect(Object.fromEntries(registry.tags)).toEqual(Object.fromEntries(whole.tags));
    }
  });

  it('may be built twice at the same time', async () => {
    const registry = memoryRegistry();
    const both = await Promise.all([build({ registry }), build({ registry })]);
    expect(both[0].digest).toBe(both[1].digest);
  });

  it('does not trust what stands under its tag', async () => {
    const registry = memoryRegistry();
    const { imageTag, tags } = await build({ registry });
    const bytes = Buffer.from('{"schemaVersion":2,"layers":[]}');
    for (const tag of tags) registry.tags.set(tag, sha256(bytes));
    registry.manifests.set(sha256(bytes), { bytes, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
    await expect(build({ registry })).rejects.toMatchObject({ code: 'response-refused', exitCode: 6 });
    expect((await build({ registry, isAnew: true })).imageTag).toBe(imageTag);
  });

  it('stops when told to, and leaves no folder', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = folderWith();
    onTestFinished(() => {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    });
    const registry = memoryRegistry();
    const controller = new AbortController();
    const input = { ...inputOf({ registry }), signal: controller.signal };
    input.onEvent = ({ phase, state }) => {
      if (phase === 'repository' && state === 'started') controller.abort();
    };
    await expect(buildWorkerImage(input)).rejects.toThrow();
    expect([...registry.tags.keys()].filter((tag) => tag.endsWith(commitA.slice(0, 12)))).toEqual([]);
    expect(readdirSync(process.env.TMPDIR)).toEqual([]);
  });
});

/** Digests that are told apart by their last digits only: their tags are the same. */
const [collides, collided] = [`${'3'.repeat(39)}1`, `${'3'.repeat(39)}2`];

describe('tags that two images would have', () => {
  it('gives nobody the environment of the other, nor what was installed in it', async () => {
    const registry = memoryRegistry();
    const [before, builder] = [fakeBuilder(), fakeBuilder()];
    const first = await build({ registry, builder: before, blob: collides, dependencies: 'd' });
    const second = await build({ registry, builder, blob: collided, dependencies: 'd', commit: commitB });
    expect(second.tags.slice(1, -1)).toEqual(first.tags.slice(1, -1));
    expect(builder.count).toBe(1);
    expect(manifestOf(registry, second.imageTag).annotations).toMatchObject({
      'dev.nidify.environment-digest': second.environmentDigest,
    });
  });

  it('builds upon no image that has a repository in it already', async () => {
    const registry = memoryRegistry();
    const first = await build({ registry });
    registry.tags.set(first.tags[1] ?? '', first.digest);
    const builder = fakeBuilder();
    const second = await build({ registry, builder, commit: commitB });
    expect(builder.count).toBe(1);
    expect(second.layers.map(({ kind }) => kind)).toEqual(['environment', 'repository']);
  });
});

/** Numbers that are the same in every run: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('several architectures', () => {
  const foreign = ownArchitecture === 'arm64' ? 'amd64' : 'arm64';
  const digits: Record<string, string> = { [ownArchitecture]: '1', [foreign]: '2' };
  const on = (registry: MemoryRegistry, architecture: string, more: Partial<Change> = {}) => {
    const input = inputOf({ registry, builder: fakeBuilder(architecture), ...more });
    // The system is in the digest of an environment.
    const environmentDigest = (digits[architecture] ?? '').repeat(64);
    return buildWorkerImage({ ...input, architecture, environmentDigest });
  };
  const document = (registry: MemoryRegistry, tag: string) => {
    const stored = registry.manifests.get(registry.tags.get(tag) ?? '');
    return { mediaType: stored?.mediaType, value: JSON.parse(stored?.bytes.toString('utf8') ?? 'null') };
  };
  const index = 'application/vnd.oci.image.index.v1+json';

  it('share the tag of a commit, and none takes it from another', async () => {
    const registry = memoryRegistry();
    const own = await on(registry, ownArchitecture);
    expect(document(registry, own.imageTag).mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
    const other = await on(registry, foreign);
    expect(other.imageTag).toBe(own.imageTag);
    const { mediaType, value } = document(registry, own.imageTag);
    expect(mediaType).toBe(index);
    expect(value).toMatchObject({ schemaVersion: 2, mediaType: index });
    for (const [architecture, { digest }] of [
      [ownArchitecture, own],
      [foreign, other],
    ] as const) {
      const stored = registry.manifests.get(digest);
      expect(value.manifests).toContainEqual({
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest,
        size: stored?.bytes.length,
        platform: { architecture, os: 'linux' },
      });
      expect((await manifestFor(registry, own.imageTag, architecture))?.digest).toBe(digest);
    }
    expect(value.manifests).toHaveLength(2);
    // Nothing is made again, and another image of one leaves that of the other.
    const tags = new Map(registry.tags);
    for (const architecture of [ownArchitecture, foreign]) {
      expect((await on(registry, architecture)).builder).toBeNull();
    }
    expect(registry.tags).toEqual(tags);
    const later = await on(registry, ownArchitecture, { repository: false });
    expect(
      document(registry, own.imageTag).value.manifests.map((each: { digest: string }) => each.digest),
    ).toEqual(expect.arrayContaining([later.digest, other.digest]));
    expect(document(registry, own.imageTag).value.manifests).toHaveLength(2);
  });

  /** Lets calls to the registry pass in this order of builds, one letter a call, and then as they come. */
  function interleaved(registry: MemoryRegistry, order: string) {
    const waiting: { who: string; go: () => void }[] = [];
    const running = new Set<string>();
    let at = 0;
    const next = () => {
      // Who has ended is passed over.
      while (at < order.length && !running.has(order[at] ?? '')) at++;
      const index = at < order.length ? waiting.findIndex(({ who }) => who === order[at]) : 0;
      const [first] = index === -1 ? [] : waiting.splice(index, 1);
      if (first === undefined) return;
      at++;
      first.go();
    };
    const turn = (who: string) =>
      new Promise<void>((resolve) => {
        waiting.push({ who, go: resolve });
        next();
      });
    return {
      view(who: string): MemoryRegistry {
        running.add(who);
        return {
          ...registry,
          manifest: (name) => turn(who).then(() => registry.manifest(name)),
          putManifest: (name, bytes, type) => turn(who).then(() => registry.putManifest(name, bytes, type)),
        };
      },
      ended(who: string) {
        running.delete(who);
        next();
      },
    };
  }

  it('that come at the very same moment lose none, in whichever order they are served', async () => {
    const registry = memoryRegistry();
    const images = await Promise.all(
      [ownArchitecture, foreign].map(async (architecture) => {
        const { digest, imageTag } = await on(registry, architecture);
        const { bytes = Buffer.alloc(0), mediaType = '' } = registry.manifests.get(digest) ?? {};
        return { imageTag, architecture, document: { digest, bytes, mediaType } };
      }),
    );
    const name = images[0]?.imageTag ?? '';
    const next = random(1);
    const orders = [
      // One after the other, in turns, and one that is done while the other one is about to write.
      ...['', 'ab'.repeat(20)],
      ...Array.from({ length: 12 }, (_, at) => `${'b'.repeat(at)}${'a'.repeat(40)}`),
      ...Array.from({ length: 200 }, () =>
        Array.from({ length: 40 }, () => (next() < 0.5 ? 'a' : 'b')).join(''),
      ),
    ];
    await Promise.all(
      orders.map(async (order) => {
        const own = Object.assign(memoryRegistry(), { blobs: registry.blobs, manifests: registry.manifests });
        const { view, ended } = interleaved(own, order);
        await Promise.all(
          images.map(({ document: image, architecture }, at) => {
            const who = at === 0 ? 'a' : 'b';
            return nameForPlatform(view(who), name, image, architecture).finally(() => ended(who));
          }),
        );
        const found = images.map(({ architecture }) => manifestFor(own, name, architecture));
        const digests = (await Promise.all(found)).map((each) => each?.digest);
        expect(digests, `served as ${order}`).toEqual(images.map(({ document: image }) => image.digest));
      }),
    );
  });

  it('are told when others never stop writing', async () => {
    const registry = memoryRegistry();
    const put = registry.putManifest;
    registry.putManifest = async (name, bytes, type) => {
      const digest = await put(name, bytes, type);
      if (/^[0-9a-f]{12}-[0-9a-f]{12}$/.test(name)) registry.tags.delete(name);
      return digest;
    };
    await expect(build({ registry })).rejects.toMatchObject({ code: 'tag-contended', exitCode: 75 });
  });

  it('are not taken from a name whose image is of another commit or architecture', async () => {
    const registry = memoryRegistry();
    const first = await on(registry, foreign, { commit: commitB });
    const own = await on(registry, ownArchitecture, { commit: commitB });
    const name = `${own.repoHash}-${commitA.slice(0, 12)}-${foreign}`;
    for (const wrong of [first.digest, own.digest]) {
      registry.tags.set(name, wrong);
      const alone = await on(registry, ownArchitecture);
      expect(registry.tags.get(alone.imageTag)).toBe(alone.digest);
    }
  });

  it('are current each for itself', async () => {
    const registry = memoryRegistry();
    await on(registry, foreign);
    const ask = (architecture: string) =>
      currencyOf({
        ...{ plan: planWith('1'.repeat(40)), inputs: {}, commitId: commitA, registry, architecture },
        environmentDigest: (digits[architecture] ?? '').repeat(64),
        against: null,
      });
    expect((await ask(foreign)).repository.isCurrent).toBe(true);
    expect((await ask(ownArchitecture)).repository.isCurrent).toBe(false);
    await on(registry, ownArchitecture);
    for (const architecture of [ownArchitecture, foreign]) {
      expect(await ask(architecture)).toMatchObject({
        environment: { isCurrent: true },
        repository: { isCurrent: true },
      });
    }
  });

  it('keep what is not theirs in an index of somebody else', async () => {
    const registry = memoryRegistry();
    const { imageTag, digest } = await on(registry, ownArchitecture);
    const attestation = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1 };
    const entry = { ...attestation, platform: { architecture: 'unknown', os: 'unknown' } };
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [entry, { digest: 'x' }] }));
    registry.manifests.set(sha256(bytes), { bytes, mediaType: index });
    registry.tags.set(imageTag, sha256(bytes));
    await on(registry, ownArchitecture);
    const { manifests } = document(registry, imageTag).value;
    expect(manifests).toContainEqual(entry);
    expect(manifests).toHaveLength(2);
  });
});

describe('the history of an image', () => {
  it.each([
    ['without one', null, 1],
    ['with one that is too short', [], 1],
    ['with entries that made no layer', [{ created_by: 'ENV', empty_layer: true }, { created_by: 'nix' }], 2],
  ])('has an entry for each layer: %s', async (_name, history, count) => {
    const registry = memoryRegistry();
    const { digest } = await build({ registry, builder: fakeBuilder(ownArchitecture, history) });
    const manifest = JSON.parse(registry.manifests.get(digest)?.bytes.toString('utf8') ?? '');
    const config = JSON.parse(registry.blobs.get(manifest.config.digest)?.toString('utf8') ?? '');
    const made = config.history.filter((each: { empty_layer?: boolean }) => each.empty_layer !== true);
    expect(made).toHaveLength(config.rootfs.diff_ids.length);
    expect(config.history).toHaveLength(count + 1);
  });
});

describe('the currency of an image', () => {
  const ask = (registry: MemoryRegistry, blob: string, commitId: string, against: string | null = null) =>
    currencyOf({
      plan: planWith(blob),
      inputs: { 'package.json': blob, 'main.py': null },
      ...{ commitId, registry, against },
      environmentDigest: blob.repeat(2).slice(0, 64),
    });
  const [one, two] = ['1'.repeat(40), '2'.repeat(40)];

  it('is known of a repository whose files are too many for a manifest, though not which of them changed', async () => {
    const registry = memoryRegistry();
    const inputs = Object.fromEntries(
      Array.from({ length: 60_000 }, (_, at) => [`packages/${at}/package.json`, one]),
    );
    const result = await buildWorkerImage({ ...inputOf({ registry }), inputs });
    const bytes = registry.manifests.get(result.digest)?.bytes.length ?? Number.POSITIVE_INFINITY;
    expect(bytes).toBeLessThan(4 * 1024 * 1024);
    expect(await ask(registry, one, commitA)).toMatchObject({ environment: { isCurrent: true } });
    expect(await ask(registry, two, commitB)).toMatchObject({
      environment: { isCurrent: false },
      changes: null,
    });
  });

  it('is not that of an image whose tag begins alike', async () => {
    const registry = memoryRegistry();
    await build({ registry, blob: collides });
    expect(await ask(registry, collided, `${commitA.slice(1)}b`)).toMatchObject({
      environment: { isCurrent: false },
      repository: { isCurrent: false },
      changes: { changed: ['package.json'] },
    });
  });

  it('is of the environment and of the repository separately', async () => {
    const registry = memoryRegistry();
    expect(await ask(registry, one, commitA)).toMatchObject({
      environment: { isCurrent: false },
      repository: { isCurrent: false },
      comparedWith: null,
      changes: null,
    });
    await build({ registry });
    registry.calls = [];
    expect(await ask(registry, one, commitA)).toMatchObject({
      environment: { isCurrent: true },
      repository: { isCurrent: true },
      changes: null,
    });
    expect(registry.calls).toHaveLength(2);
    expect(await ask(registry, one, commitB)).toMatchObject({
      environment: { isCurrent: true },
      repository: { isCurrent: false },
    });
  });

  it('names the files that made it stale', async () => {
    const registry = memoryRegistry();
    await build({ registry });
    const stale = await ask(registry, two, commitB);
    expect(stale.environment.isCurrent).toBe(false);
    expect(stale.changes).toEqual({ added: [], changed: ['package.json'], removed: [] });
    expect(stale.comparedWith).toMatch(/-latest$/);
  });

  it('is told against the image in use, whatever else there is', async () => {
    const registry = memoryRegistry();
    const used = await build({ registry });
    await build({ registry, blob: two, commit: commitB });
    const answer = await ask(registry, two, commitB, used.imageTag);
    expect(answer.environment.isCurrent).toBe(false);
    expect(answer.changes?.changed).toEqual(['package.json']);
    await expect(ask(registry, two, commitB, 'nothing')).rejects.toMatchObject({ code: 'no-image' });
    for (const wrong of ['../../other/manifests/x', 'a/b', '', 'sha256:1', '-x']) {
      await expect(ask(registry, two, commitB, wrong)).rejects.toMatchObject({ code: 'usage' });
    }
  });
});
