/** A repository of a registry: https://github.com/opencontainers/distribution-spec/blob/main/spec.md */

export interface StoredManifest {
  /** `sha256:…`, checked against the content. */
  digest: string;
  mediaType: string;
  bytes: Buffer;
}

export interface Registry {
  /** Null where there is none of that name. */
  manifest(tagOrDigest: string): Promise<StoredManifest | null>;
  /** The digest that a tag stands for, without its content; null where there is none. */
  digestOf(tagOrDigest: string): Promise<string | null>;
  /** @returns its digest, as the registry has it */
  putManifest(tag: string, bytes: Buffer, mediaType: string): Promise<string>;
  hasBlob(digest: string): Promise<boolean>;
  /** @param open the content from an offset on: what was cut off is not sent again from the start */
  putBlob(
    blob: { digest: string; size: number },
    open: (from: number) => AsyncIterable<Buffer>,
  ): Promise<'present' | 'sent'>;
  /** A small one, such as a configuration, checked against its digest. */
  blob(digest: string, maxBytes: number): Promise<Buffer>;
}
