import { NidifyError } from '../../src/errors.ts';
import { openRegistry } from '../../src/registry/registry.ts';
import type { RegistryEvent, RegistryOptions } from '../../src/registry/types.ts';

/** Waits that a test can afford. */
export const quick = { attempts: 4, firstWaitMs: 5, longestWaitMs: 20, totalMs: 10_000 };

/** A repository `team/shop` there, as nobody unless told, with what it tells. */
export function open(host: string, options: Partial<RegistryOptions> = {}) {
  const events: RegistryEvent[] = [];
  const registry = openRegistry(`${host}/team/shop`, {
    insecure: false,
    timeoutMs: 5_000,
    retry: quick,
    credentials: async () => null,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const retries = () => events.filter((event) => event.kind === 'retry');
  return { registry, events, retries };
}

export async function failure(promise: Promise<unknown>): Promise<NidifyError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof NidifyError) return error;
  throw new Error(`expected a NidifyError, got ${error instanceof Error ? error.stack : String(error)}`);
}

/** Bytes that no two pieces of are alike, as a blob is opened. */
export function blobOf(size: number) {
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4) bytes.writeUInt32LE((at * 2654435761) >>> 0, at);
  async function* from(start: number): AsyncGenerator<Buffer> {
    for (let at = start; at < size; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
  }
  return { bytes, from };
}
