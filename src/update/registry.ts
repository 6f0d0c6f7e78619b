/** What a tag means now: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
import { createHash } from 'node:crypto';
import { ExitCode, NidifyError } from '../errors.ts';
import { isLoopback } from '../image/references.ts';
import { isRecord } from '../parse/value.ts';
import { imageReference } from '../text/image-reference.ts';
import { type Answer, bytesOf, type FetchOptions, fetchText, refused, request } from '../http/http.ts';

/** An index first: its digest is that of the image on every system. */
const mediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** The registry's own bound of a manifest: https://github.com/opencontainers/distribution-spec */
const maxManifestBytes = 4 * 1024 * 1024;
const maxTokenBytes = 64 * 1024;

export interface RegistryOptions extends FetchOptions {
  /** Instead of the registry of docker.io. */
  mirror: string | null;
}

/**
 * The digest that an image's tag stands for, checked against the content that has it. Anonymous: private images are
 * pinned by hand, with `@sha256:…`.
 *
 * @param reference with its registry, as imageReference has it
 * @returns `sha256:…`
 * @throws NidifyError `network-unavailable` (exit 75), `image-not-found` (2), `response-refused` (6)
 */
export async function digestOf(reference: string, options: RegistryOptions): Promise<string> {
  const { base, repository, tag } = parsed(reference, options.mirror);
  const address = `${base}/v2/${repository}/manifests/${tag}`;
  const first = await manifest(address, null, options);
  if (typeof first === 'string') return first;
  const token = await tokenFor(first, `repository:${repository}:pull`, options);
  const second = token === null ? first : await manifest(address, token, options);
  if (typeof second === 'string') return second;
  throw notFound(reference, `${second.status} ${second.statusText}`.trim());
}

interface Parsed {
  base: string;
  repository: string;
  tag: string;
}

function parsed(reference: string, mirror: string | null): Parsed {
  if (!imageReference.test(reference)) throw notFound(reference, 'this is not the name of an image');
  const [named = ''] = reference.split('@');
  const slash = named.indexOf('/');
  const host = named.slice(0, slash);
  const [repository = '', tag = 'latest'] = named.slice(slash + 1).split(':');
  if (host === 'docker.io') return { base: mirror ?? 'https://registry-1.docker.io', repository, tag };
  // As Docker does it: a registry of this machine needs no certificate.
  return { base: `${isLoopback(named) ? 'http' : 'https'}://${host}`, repository, tag };
}

/** The digest, or the answer that was something else. */
function manifest(address: string, token: string | null, options: RegistryOptions): Promise<string | Answer> {
  const headers = {
    accept: mediaTypes.join(', '),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  return request(address, { ...options, headers }, async (answer, body) => {
    if (answer.status !== 200) {
      if (answer.status === 429 || answer.status >= 500) throw busy(answer);
      return answer;
    }
    const type = answer.headers.get('content-type')?.split(';')[0]?.trim();
    if (type === undefined || !mediaTypes.includes(type)) throw refused(answer.url, 'it is no manifest');
    const content = await bytesOf(answer.url, body, maxManifestBytes);
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    const stated = answer.headers.get('docker-content-digest');
    if (stated !== null && stated !== digest)
      throw refused(answer.url, 'its digest is not that of its content');
    return digest;
  });
}

/** A token for anyone, from where the registry says: https://distribution.github.io/distribution/spec/auth/token/ */
async function tokenFor(answer: Answer, scope: string, options: RegistryOptions): Promise<string | null> {
  const challenge = answer.headers.get('www-authenticate') ?? '';
  if (answer.status !== 401 || !/^bearer /i.test(challenge)) return null;
  const fields = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = fields.get('realm') ?? '';
  const url = URL.canParse(realm) ? new URL(realm) : null;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && answer.url.protocol === 'http:');
  if (url === null || !isSafe)
    throw refused(answer.url, 'it asks for a token from an address that is not encrypted');
  const service = fields.get('service');
  if (service !== undefined) url.searchParams.set('service', service);
  url.searchParams.set('scope', fields.get('scope') ?? scope);
  const text = await fetchText(url.href, { ...options, maxBytes: maxTokenBytes });
  const token = tokenIn(text);
  if (token === null) throw refused(url, 'it gives no token');
  return token;
}

function tokenIn(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) return null;
    const token = value.token ?? value.access_token;
    return typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : null;
  } catch {
    return null;
  }
}

function busy({ url, status, statusText }: Answer): NidifyError {
  return new NidifyError({
    code: 'network-unavailable',
    message: `${url.host} is not available: ${`${status} ${statusText}`.trim()}`,
    hint: 'Try again later, or name a mirror of docker.io in NIDIFY_REGISTRY_MIRROR.',
    exitCode: ExitCode.temporary,
  });
}

function notFound(reference: string, why: string): NidifyError {
  return new NidifyError({
    code: 'image-not-found',
    message: `the registry does not give ${reference}: ${why}`,
    hint: 'Look at "base" in nidify.jsonc; a private image is pinned there by hand, with @sha256:….',
    exitCode: ExitCode.usage,
  });
}
