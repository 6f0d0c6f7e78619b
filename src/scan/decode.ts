import { isUtf8 } from 'node:buffer';

/** Bytes of a manifest as text, as the tools of its language would read it. */

export type Decoded = { text: string; isLossy: boolean } | null;

/**
 * UTF-8 with or without byte order mark, UTF-16 with one (PowerShell writes `pip freeze` so). What is not
 * valid UTF-8 is read with replacement characters.
 *
 * @returns null for what holds NUL characters: no text
 */
export function decode(bytes: Uint8Array): Decoded {
  const encoding = byteOrderMark(bytes);
  if (encoding !== null) return checked(new TextDecoder(encoding).decode(bytes), false);
  if (bytes.includes(0)) return null;
  // A decoder that refuses what is invalid is ICU's, which takes 10 ms to start.
  if (!isUtf8(bytes)) return checked(new TextDecoder('utf-8').decode(bytes), true);
  const { buffer, byteOffset, byteLength } = bytes;
  const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
  return checked(text.startsWith('\uFEFF') ? text.slice(1) : text, false);
}

function byteOrderMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function checked(text: string, isLossy: boolean): Decoded {
  return text.includes('\0') ? null : { text, isLossy };
}
