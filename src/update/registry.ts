/** What a tag means now: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
import { ExitCode, NidifyError } from '../errors.ts';
import type { FetchOptions } from '../http/http.ts';
import { userCredentials } from '../registry/credentials.ts';
import { TemporaryFailure } from '../registry/failure.ts';
import { openRegistry } from '../registry/registry.ts';
import { imageReference } from '../text/image-reference.ts';

export interface RegistryOptions extends FetchOptions {
  /** Instead of the registry of docker.io. */
  mirror: string | null;
}

/**
 * The digest that an image's tag stands for, checked against the content that has it.
 *
 * @param reference with its registry, as imageReference has it
 * @returns `sha256:…`
 * @throws NidifyError `network-unavailable` (exit 75), `image-not-found` (2), `response-refused`,
 *   `certificate-refused` (6)
 */
export async function digestOf(reference: string, options: RegistryOptions): Promise<string> {
  if (!imageReference.test(reference)) throw notFound(reference, 'this is not the name of an image');
  const [named = ''] = reference.split('@');
  const { name = '', tag = 'latest' } = /^(?<name>.*?)(?::(?<tag>[^:/]*))?$/.exec(named)?.groups ?? {};
  const { mirror, signal, timeoutMs } = options;
  const user = userCredentials({ signal });
  const registry = openRegistry(name, {
    insecure: false,
    signal,
    timeoutMs,
    // Most images are for everyone: a store of log-ins that does not work is no reason to do without.
    credentials: (host, repository) => user(host, repository).catch(() => null),
    // What is not known now keeps its pin, and is asked for the next time.
    retry: { attempts: 1 },
    address: name.startsWith('docker.io/') && mirror !== null ? mirror : undefined,
  });
  try {
    const found = await registry.manifest(tag);
    if (found === null) throw notFound(reference, '404 Not Found');
    return found.digest;
  } catch (error) {
    if (error instanceof TemporaryFailure) throw unavailable(error);
    if (error instanceof NidifyError && error.code === 'not-authorized') {
      throw notFound(reference, error.message);
    }
    throw error;
  } finally {
    await registry.close();
  }
}

function unavailable({ message, cause }: TemporaryFailure): NidifyError {
  return new NidifyError({
    code: 'network-unavailable',
    message,
    hint: 'Try again later, or name a mirror of docker.io in NIDIFY_REGISTRY_MIRROR.',
    exitCode: ExitCode.temporary,
    cause,
  });
}

function notFound(reference: string, why: string): NidifyError {
  return new NidifyError({
    code: 'image-not-found',
    message: `the registry does not give ${reference}: ${why}`,
    hint: 'Look at "base" in nidify.jsonc; for a private image log in with docker login or podman login, or pin it with @sha256:….',
    exitCode: ExitCode.usage,
  });
}
