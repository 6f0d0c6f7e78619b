/**
 * One tag for the images of several architectures. Each machine builds its own; the tag of a commit becomes an index
 * (https://github.com/opencontainers/image-spec/blob/main/image-index.md) when a second architecture comes to it, and
 * what the others have put there stays.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ExitCode, NidifyError } from '../errors.ts';
import { architectureOf, mediaTypes } from '../image/documents.ts';
import type { FoundManifest, Registry } from '../registry/types.ts';
import { type Document, documentOf, manifestIn, readConfig } from './documents.ts';
import { labelNames } from './marks.ts';

const os = 'linux';

/** What images are built for here. */
export const ownArchitecture = architectureOf(process.arch);

/** Of all systems that environments are built for. */
const architectures = ['amd64', 'arm64'];

/** An architecture's own name for its image of a commit, beside the one that it shares. */
export const nameOfPlatform = (name: string, architecture: string) => `${name}-${architecture}`;

/** Writers that meet, at most; each writes again for each that comes while it writes. */
const mostRounds = 8;
const pauseMs = 100;

const entrySchema = z.looseObject({
  mediaType: z.string(),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  size: z.number().int().nonnegative(),
  platform: z.looseObject({ architecture: z.string(), os: z.string() }),
});
type Entry = z.infer<typeof entrySchema>;

const indexTypes: readonly string[] = [
  mediaTypes.index,
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

/**
 * The manifest for an architecture under a name; null where there is none. What is no index is returned as it is:
 * only its configuration knows what it is for.
 *
 * @throws NidifyError what a registry throws
 */
export async function manifestFor(
  registry: Registry,
  name: string,
  architecture: string,
): Promise<FoundManifest | null> {
  const found = await registry.manifest(name);
  if (found === null || !indexTypes.includes(found.mediaType)) return found;
  const entry = entriesOf(found).find((each) => isFor(each, architecture));
  return entry === undefined ? null : registry.manifest(entry.digest);
}

/**
 * Gives a manifest a name that it shares with those of other architectures.
 *
 * A registry cannot write only where nothing has changed. So each architecture first writes a name of its own, then the
 * shared one, and then looks whether another one has come: whoever writes the shared name last has seen every name that
 * was there before, and the others look after him.
 *
 * @throws NidifyError what a registry throws, `tag-contended` (exit 75) where others write it all the time
 */
export async function nameForPlatform(
  registry: Registry,
  name: string,
  { bytes, digest, mediaType }: Document,
  architecture: string,
): Promise<void> {
  const own: Entry = { mediaType, digest, size: bytes.length, platform: { architecture, os } };
  const revision = manifestIn(bytes)?.annotations?.[labelNames.revision];
  await registry.putManifest(nameOfPlatform(name, architecture), bytes, mediaType);
  for (let round = 1; round <= mostRounds; round++) {
    const beside = await besideOf(registry, name, architecture, revision);
    const known = new Set(beside.map(({ platform }) => platform.architecture));
    const under = (await othersUnder(registry, name, architecture)).filter(
      ({ platform }) => platform.os !== os || !known.has(platform.architecture),
    );
    const others = [...under, ...beside];
    // Alone it needs no index: most are.
    if (others.length === 0) await registry.putManifest(name, bytes, mediaType);
    else await putIndex(registry, name, [...others, own]);
    const isThere = (await manifestFor(registry, name, architecture))?.digest === digest;
    const now = await besideOf(registry, name, architecture, revision);
    const isSame = now.every((each) => others.some((other) => other.digest === each.digest));
    if (isThere && isSame) return;
    await sleep(Math.random() * pauseMs * round);
  }
  throw new NidifyError({
    code: 'tag-contended',
    message: `${name} is written by others all the time`,
    hint: 'Build it again: what was sent is not sent again.',
    exitCode: ExitCode.temporary,
  });
}

async function putIndex(registry: Registry, name: string, entries: readonly Entry[]): Promise<void> {
  const key = ({ platform }: Entry) => `${platform.os}/${platform.architecture}`;
  const manifests = entries.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const index = documentOf({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }, mediaTypes.index);
  await registry.putManifest(name, index.bytes, index.mediaType);
}

/** What other architectures have under names of their own, of this very commit. */
async function besideOf(
  registry: Registry,
  name: string,
  architecture: string,
  revision: string | undefined,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const each of architectures.filter((other) => other !== architecture)) {
    const found = await registry.manifest(nameOfPlatform(name, each));
    if (found === null || indexTypes.includes(found.mediaType)) continue;
    if (manifestIn(found.bytes)?.annotations?.[labelNames.revision] !== revision) continue;
    if ((await architectureUnder(registry, found)) !== each) continue;
    const { mediaType, digest, bytes } = found;
    entries.push({ mediaType, digest, size: bytes.length, platform: { architecture: each, os } });
  }
  return entries;
}

/** What a name has for other architectures. */
async function othersUnder(registry: Registry, name: string, architecture: string): Promise<Entry[]> {
  const found = await registry.manifest(name);
  if (found === null) return [];
  if (indexTypes.includes(found.mediaType)) {
    return entriesOf(found).filter((each) => !isFor(each, architecture));
  }
  const there = await architectureUnder(registry, found);
  if (there === null || there === architecture) return [];
  const { mediaType, digest, bytes } = found;
  return [{ mediaType, digest, size: bytes.length, platform: { architecture: there, os } }];
}

/** What an image is for; null where that cannot be read, so that it is nobody's that is kept. */
export async function architectureUnder(registry: Registry, found: FoundManifest): Promise<string | null> {
  const manifest = manifestIn(found.bytes);
  if (manifest === null) return null;
  return (await readConfig(registry, manifest, found.digest)).architecture;
}

function entriesOf({ bytes }: FoundManifest): Entry[] {
  const schema = z.object({ manifests: z.array(z.unknown()) });
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return [];
  }
  const index = schema.safeParse(value);
  return (index.data?.manifests ?? []).flatMap((each) => {
    const entry = entrySchema.safeParse(each);
    return entry.success ? [entry.data] : [];
  });
}

function isFor({ platform }: Entry, architecture: string): boolean {
  return platform.os === os && platform.architecture === architecture;
}
