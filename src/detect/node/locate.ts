/**
 * Where a key stands in strict JSON, without a tree: a workspace of a thousand packages asks for a thousand
 * lines. For text that `JSON.parse` has accepted; on anything else the answer is null, never an error.
 */
import { lineAt } from '../../text/lines.ts';

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const comma = 0x2c;

/** Offset of the key at this path of nested objects; null where there is none. */
export function offsetOfKey(text: string, path: readonly string[]): number | null {
  let at = skipSpace(text, 0);
  for (const [depth, wanted] of path.entries()) {
    const found = keyIn(text, at, wanted);
    if (found === null) return null;
    if (depth === path.length - 1) return found.key;
    at = found.value;
  }
  return null;
}

/** Line (from 1) of the key at this path; of the nearest parent that exists; 1 where there is none. */
export function lineOfKey(text: string, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const offset = offsetOfKey(text, path.slice(0, length));
    if (offset !== null) return lineAt(text, offset);
  }
  return 1;
}

/** Looks for a key in the object that begins at an offset. */
function keyIn(text: string, start: number, wanted: string): { key: number; value: number } | null {
  if (text.charCodeAt(start) !== openBrace) return null;
  let at = skipSpace(text, start + 1);
  while (text.charCodeAt(at) === quote) {
    const end = endOfString(text, at);
    const separator = skipSpace(text, end);
    if (text.charCodeAt(separator) !== colon) return null;
    const value = skipSpace(text, separator + 1);
    if (isKey(text, at, end, wanted)) return { key: at, value };
    at = skipSpace(text, endOfValue(text, value));
    if (text.charCodeAt(at) !== comma) return null;
    at = skipSpace(text, at + 1);
  }
  return null;
}

function isKey(text: string, start: number, end: number, wanted: string): boolean {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw === wanted;
  try {
    return JSON.parse(text.slice(start, end)) === wanted;
  } catch {
    return false;
  }
}

function skipSpace(text: string, start: number): number {
  let at = start;
  for (let code = text.charCodeAt(at); code <= 0x20; code = text.charCodeAt(at)) at++;
  return at;
}

/** Offset after the closing quote of the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    if (code === backslash) at++;
  }
  return text.length;
}

/** Offset after the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at) - 1;
    } else if (code === openBrace || code === openBracket) {
      depth++;
    } else if (code === closeBrace || code === closeBracket) {
      if (depth === 0) return at;
      depth--;
    } else if (code === comma && depth === 0) {
      return at;
    } else {
      continue;
    }
    if (depth === 0) return at + 1;
  }
  return text.length;
}
