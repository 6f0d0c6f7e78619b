/**
 * One tag for the images of several architectures. Each machine builds its own; the tag of a commit becomes an index
 * (https://github.com/opencontainers/image-spec/blob/main/image-index.md) when a second architecture comes to it, and
 * what the others have put there stays.
 */
import { z } from 'zod';
import { architectureOf, mediaTypes } from '../image/documents.ts';
import type { FoundManifest, Registry } from '../registry/types.ts';
import { type Document, documentOf, manifestIn, readConfig } from './documents.ts';

const os = 'linux';

/** What images are built for here. */
export const ownArchitecture = architectureOf(process.arch);

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

/** Gives a manifest a name that it shares with those of other architectures. */
export async function nameForPlatform(
  registry: Registry,
  name: string,
  { bytes, digest, mediaType }: Document,
  architecture: string,
): Promise<void> {
  const others = await othersUnder(registry, name, architecture);
  // Alone it needs no index: most are.
  if (others.length === 0) {
    await registry.putManifest(name, bytes, mediaType);
    return;
  }
  await registry.putManifest(digest, bytes, mediaType);
  const own: Entry = { mediaType, digest, size: bytes.length, platform: { architecture, os } };
  const key = ({ platform }: Entry) => `${platform.os}/${platform.architecture}`;
  const manifests = [...others, own].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const index = documentOf({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }, mediaTypes.index);
  await registry.putManifest(name, index.bytes, index.mediaType);
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
