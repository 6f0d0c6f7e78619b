/**
 * The tokens of an Elixir source, as far as reading a `mix.exs` needs them: comments are gone, and what stands in
 * strings, sigils and heredocs is no code. https://hexdocs.pm/elixir/syntax-reference.html
 */
import { lineCounter } from '../../text/lines.ts';

export interface Token {
  /**
   * - `key`: `name:` or `"name":`
   * - `atom`: `:name`
   * - `string`: text between quotes
   * - `word`: a variable, a call, an alias (`Shop.Application`), a number
   * - `mark`: any other character
   */
  kind: 'key' | 'atom' | 'string' | 'word' | 'mark';
  /** Without quotes and colons; null for a string that is computed. */
  text: string | null;
  /** From 1. */
  line: number;
}

export interface Tokens {
  tokens: readonly Token[];
  /** A string, sigil or heredoc has no end. */
  isBroken: boolean;
}

/** Reads each character once; never throws. */
export function tokensOf(text: string): Tokens {
  const tokens: Token[] = [];
  const lineOf = lineCounter(text);
  let at = 0;
  const add = (kind: Token['kind'], value: string | null, end: number) => {
    tokens.push({ kind, text: value, line: lineOf(at) });
    at = end;
  };
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/\s/.test(character)) at++;
    else if (character === '#') at = endOfLine(text, at);
    else if (character === '?') at += text[at + 1] === '\\' ? 3 : 2;
    else if (character === '"' || character === "'") {
      const quoted = quotedAt(text, at);
      if (quoted === null) return { tokens, isBroken: true };
      const isKey = text[quoted.end] === ':' && text[quoted.end + 1] !== ':';
      add(isKey ? 'key' : 'string', quoted.text, quoted.end + (isKey ? 1 : 0));
    } else if (character === '~' && /[a-zA-Z]/.test(text[at + 1] ?? '')) {
      const end = endOfSigil(text, at);
      if (end === null) return { tokens, isBroken: true };
      add('string', null, end);
    } else if (character === ':' && text[at + 1] === '"') {
      const quoted = quotedAt(text, at + 1);
      if (quoted === null) return { tokens, isBroken: true };
      add('atom', quoted.text, quoted.end);
    } else {
      const plain = plainAt(text, at);
      add(plain.kind, plain.text, plain.end);
    }
  }
  return { tokens, isBroken: false };
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

const atom = /:(?<name>[A-Za-z_][\w@]*[?!]?)/y;
const word = /(?<name>\w+(?:\.\w+)*[?!]?)(?<colon>:(?!:))?/y;

function plainAt(text: string, at: number): Pick<Token, 'kind' | 'text'> & { end: number } {
  if (text.startsWith('::', at)) return { kind: 'mark', text: '::', end: at + 2 };
  atom.lastIndex = at;
  const named = atom.exec(text)?.groups?.name;
  if (named !== undefined) return { kind: 'atom', text: named, end: at + 1 + named.length };
  word.lastIndex = at;
  const { name, colon } = word.exec(text)?.groups ?? {};
  if (name === undefined) return { kind: 'mark', text: text[at] ?? '', end: at + 1 };
  const end = at + name.length + (colon === undefined ? 0 : 1);
  return { kind: colon === undefined ? 'word' : 'key', text: name, end };
}

/** A string, a charlist or a heredoc. */
function quotedAt(text: string, start: number): { text: string | null; end: number } | null {
  const quote = text[start] ?? '';
  const isHeredoc = text.startsWith(quote.repeat(3), start);
  const closing = isHeredoc ? quote.repeat(3) : quote;
  const from = start + closing.length;
  let isComputed = false;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text.startsWith('#{', at)) {
      isComputed = true;
      at = endOfInterpolation(text, at + 2);
    } else if (text.startsWith(closing, at)) {
      const plain = text.slice(from, at);
      return { text: isComputed || plain.includes('\\') ? null : plain, end: at + closing.length };
    }
  }
  return null;
}

/** The `}` that closes `#{`; strings in it are passed over. */
function endOfInterpolation(text: string, from: number): number {
  let depth = 1;
  let isString = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') isString = !isString;
    else if (!isString && character === '{') depth++;
    else if (!isString && character === '}' && --depth === 0) return at;
  }
  return text.length;
}

const closings: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

function endOfSigil(text: string, start: number): number | null {
  let at = start + 1;
  while (/[a-zA-Z]/.test(text[at] ?? '')) at++;
  const opening = text[at] ?? '';
  if (opening === '"' || opening === "'") return quotedAt(text, at)?.end ?? null;
  if (!/[([{</|]/.test(opening)) return at;
  const closing = closings[opening] ?? opening;
  for (at++; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === closing) return at + 1;
  }
  return null;
}
