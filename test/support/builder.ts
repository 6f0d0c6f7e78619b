/** What stands for Nix and the engines where only what comes after them counts. */
import { mkdirSync } from 'node:fs';
import { writeBlob } from '../../src/image/blobs.ts';
import { folder } from '../../src/image/store-files.ts';
import { tar } from '../../src/image/tar.ts';
import { ownArchitecture } from '../../src/worker-image/platforms.ts';
import type { Builder } from '../../src/worker-image/types.ts';

/** Writes a small real layout, and counts how often. */
export function fakeBuilder(
  architecture: string = ownArchitecture,
  history: object[] | null = [{ created_by: 'nix' }],
): Builder & { count: number } {
  const builder: Builder & { count: number } = {
    count: 0,
    name: 'nix',
    reason: 'it is there',
    home: '/home/nidify',
    environment: async () => null,
    async image(directory) {
      builder.count++;
      mkdirSync(`${directory}/blobs/sha256`, { recursive: true });
      const layer = await writeBlob(directory, tar([folder('nix', 0o755, 0)]), 'gzip');
      async function* json(value: object) {
        yield Buffer.from(JSON.stringify(value));
      }
      const config = await writeBlob(
        directory,
        json({
          architecture,
          os: 'linux',
          config: { Entrypoint: ['/enter'], Labels: { 'dev.nidify.old': 'x', kept: 'yes' } },
          rootfs: { type: 'layers', diff_ids: [layer.diffId] },
          ...(history === null ? {} : { history }),
        }),
        'none',
      );
      const manifest = await writeBlob(
        directory,
        json({
          schemaVersion: 2,
          config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...pick(config) },
          layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...pick(layer) }],
        }),
        'none',
      );
      return { manifest: manifest.digest };
    },
  };
  return builder;
}

const pick = ({ digest, size }: { digest: string; size: number }) => ({ digest, size });
