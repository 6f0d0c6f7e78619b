/**
 * Any is enough: a password for a user; what an earlier log-in gave in exchange for it, for which there are tokens of the
 * registry; or such a token itself.
 */
export type Credentials =
  | { username: string; password: string }
  | { identityToken: string }
  | { registryToken: string };

/** Who is asked before a registry is: given its host, and the repository there. */
export type CredentialsSource = (host: string, repository: string) => Promise<Credentials | null>;

export type RegistryEvent =
  | {
      kind: 'blob';
      digest: string;
      /** Of it that the registry has. */
      bytes: number;
      total: number;
      state: 'present' | 'sending' | 'sent';
    }
  | { kind: 'retry'; attempt: number; waitMs: number; why: string };

/** How often, and how long, is tried what fails for a reason that may pass. */
export interface RetryLimits {
  /** Failures in a row, without a byte gained. */
  attempts: number;
  /** Doubles with each failure. */
  firstWaitMs: number;
  longestWaitMs: number;
  /** From the first failure in a row on. */
  totalMs: number;
}

export interface RegistryOptions {
  /** Plain http or an unverified certificate, also elsewhere than on this machine. */
  insecure: boolean;
  signal?: AbortSignal | undefined;
  /** Of one request; where bytes are sent, of the time in which none moves. */
  timeoutMs?: number;
  /** Asked when the registry wants to know who this is; else the files of docker and podman are. */
  credentials?: CredentialsSource;
  onEvent?: (event: RegistryEvent) => void;
  retry?: Partial<RetryLimits>;
  /** The address that answers for the registry, such as that of a mirror. */
  address?: string | undefined;
  /** Bytes of a blob that go in one request. */
  chunkBytes?: number;
}

export interface BlobDescriptor {
  digest: string;
  size: number;
}

export interface FoundManifest {
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

/**
 * One repository of a registry. What may pass is tried again; nothing is believed without its digest.
 *
 * Every method throws NidifyError: `registry-unavailable` (exit 75: down, slow, busy, cut), `not-authorized` (6),
 * `certificate-refused` (6), `response-refused` (6: not what was asked for), `aborted` (75).
 */
export interface Registry {
  /** A manifest or an index; null where there is none. */
  manifest(tagOrDigest: string): Promise<FoundManifest | null>;
  /** As the registry says it; null where there is none. */
  digestOf(tagOrDigest: string): Promise<string | null>;
  /**
   * Gives a manifest a name. Its blobs must be there.
   *
   * @returns its digest, which the registry has confirmed
   * @throws NidifyError `push-failed` (5) where the registry does not take it
   */
  putManifest(tagOrDigest: string, bytes: Buffer, mediaType: string): Promise<string>;
  hasBlob(digest: string): Promise<boolean>;
  /**
   * Sends a blob that is not there yet, and goes on where a connection was cut.
   *
   * @param open its bytes from an offset on
   * @throws NidifyError `push-failed` (5) where the registry does not take it
   */
  putBlob(
    blob: BlobDescriptor,
    open: (from: number) => AsyncIterable<Uint8Array>,
  ): Promise<'present' | 'sent'>;
  /** A small blob, such as a configuration. */
  blob(digest: string, maxBytes: number): Promise<Buffer>;
  /** Ends its connections; they end by themselves when none was used for some seconds. */
  close(): Promise<void>;
}
