/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md */
import { createHash } from 'node:crypto';
import { usage } from '../errors.ts';
import { refused } from '../http/http.ts';
import type { Access } from './authorization.ts';
import { hasErrorCode, TemporaryFailure } from './failure.ts';
import { persistently } from './patience.ts';
import { sessionWith } from './session.ts';
import type { Answer, Call } from './transport.ts';
import type { BlobDescriptor, FoundManifest, Registry, RegistryOptions } from './types.ts';
import { upload } from './upload.ts';

/** An index first: its digest is that of the image on every system. */
const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The bound that registries have themselves. */
const maxManifestBytes = 4 * 1024 * 1024;
/** So often a registry may say of a blob that was just sent that it has none. */
const mostUnknown = 3;
const defaultChunkBytes = 16 * 1024 * 1024;
/** Between two events of one blob. */
const eventBytes = 1024 * 1024;

const host = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;
const repositoryName = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;

export interface RepositoryName {
  host: string;
  repository: string;
}

/**
 * The registry and the repository in it: `registry.example.com/team/shop`. A name without a registry is one of
 * docker.io, as Docker has it.
 *
 * @throws NidifyError `usage` (exit 2); what could be a password is not in its message
 */
export function parseRepository(reference: string): RepositoryName {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = isHost ? rest.join('/') : reference;
  const found = {
    host: isHost ? first : 'docker.io',
    repository: isHost || rest.length > 0 ? repository : `library/${repository}`,
  };
  if (host.test(found.host) && repositoryName.test(found.repository)) return found;
  throw usage(
    `${reference.replace(/^.*@/s, '***@')} is not the name of a repository in a registry`,
    'It is written like registry.example.com/team/shop; log in with docker login or podman login.',
  );
}

/** @param reference `host/path`, without tag */
export function openRegistry(reference: string, options: RegistryOptions): Registry {
  const { host, repository } = parseRepository(reference);
  const session = sessionWith(host, repository, options);

  /** One request, until it is answered with one of these. */
  function ask(
    access: Access,
    what: string,
    statuses: readonly number[],
    path: string,
    call: Omit<Call, 'url'>,
  ) {
    return persistently(session.patience, async (): Promise<Answer> => {
      const answer = await session.send(access, { ...call, url: await session.address(path) });
      if (!statuses.includes(answer.status)) throw session.unexpected(answer, what, access);
      return answer;
    });
  }

  async function manifest(name: string): Promise<FoundManifest | null> {
    const answer = await ask('pull', `the manifest ${name}`, [200, 404], `manifests/${name}`, {
      method: 'GET',
      headers: { accept: manifestTypes.join(', ') },
      maxBytes: maxManifestBytes,
    });
    if (answer.status === 404) return null;
    const mediaType = answer.header('content-type')?.split(';')[0]?.trim() ?? '';
    if (!manifestTypes.includes(mediaType)) throw refused(answer.url, 'it is no manifest');
    const digest = digestOfBytes(answer.body);
    const stated = answer.header('docker-content-digest');
    if ((stated !== null && stated !== digest) || (name.includes(':') && name !== digest)) {
      throw refused(answer.url, 'its digest is not that of its content');
    }
    return { digest, mediaType, bytes: answer.body };
  }

  async function hasBlob(digest: string): Promise<boolean> {
    // Who looks before pushing needs to push next: one token for both.
    const answer = await ask('pull,push', `blob ${digest}`, [200, 404], `blobs/${digest}`, {
      method: 'HEAD',
    });
    return answer.status === 200;
  }

  return {
    manifest,
    async digestOf(name) {
      const answer = await ask('pull', `the manifest ${name}`, [200, 404], `manifests/${name}`, {
        method: 'HEAD',
        headers: { accept: manifestTypes.join(', ') },
      });
      if (answer.status === 404) return null;
      const stated = answer.header('docker-content-digest') ?? '';
      return /^sha256:[0-9a-f]{64}$/.test(stated) ? stated : ((await manifest(name))?.digest ?? null);
    },
    async putManifest(name, bytes, mediaType) {
      const digest = digestOfBytes(bytes);
      const call = { method: 'PUT', headers: { 'content-type': mediaType }, body: bytes } as const;
      let unknown = 0;
      const answer = await persistently(session.patience, async () => {
        const url = await session.address(`manifests/${name}`);
        const answered = await session.send('pull,push', { ...call, url });
        if (answered.status === 201 || answered.status === 200) return answered;
        // Some do not see at once what they have been given, least of all by two at the same time.
        if (hasErrorCode(answered, 'MANIFEST_BLOB_UNKNOWN') && unknown++ < mostUnknown) {
          throw new TemporaryFailure(host, 'it does not know yet what it has been sent');
        }
        throw session.unexpected(answered, `the manifest ${name}`, 'pull,push');
      });
      const stated = answer.header('docker-content-digest') ?? (await manifest(name))?.digest;
      if (stated !== digest)
        throw refused(answer.url, 'the registry says another digest than that of what it got');
      return digest;
    },
    hasBlob,
    async putBlob(blob, open) {
      const { digest, size } = blob;
      const tell = teller(blob, options.onEvent);
      if (await hasBlob(digest)) {
        tell(size, 'present');
        return 'present';
      }
      await upload({
        session,
        blob,
        open,
        chunkBytes: options.chunkBytes ?? defaultChunkBytes,
        isThere: () => hasBlob(digest),
        onBytes: (bytes) => tell(bytes, 'sending'),
      });
      tell(size, 'sent');
      return 'sent';
    },
    async blob(digest, maxBytes) {
      const answer = await ask('pull', `blob ${digest}`, [200], `blobs/${digest}`, {
        method: 'GET',
        maxBytes,
      });
      if (digestOfBytes(answer.body) !== digest) {
        throw refused(answer.url, 'its digest is not that of its content');
      }
      return answer.body;
    },
    close: session.close,
  };
}

export function digestOfBytes(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function teller({ digest, size: total }: BlobDescriptor, onEvent: RegistryOptions['onEvent']) {
  let told = 0;
  return (bytes: number, state: 'present' | 'sending' | 'sent') => {
    if (state === 'sending' && Math.abs(bytes - told) < eventBytes) return;
    told = bytes;
    onEvent?.({ kind: 'blob', digest, bytes, total, state });
  };
}
