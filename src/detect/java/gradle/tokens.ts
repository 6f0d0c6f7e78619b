/**
 * Words of a build script in Groovy or Kotlin. A script is a program: nothing of it is run, and what is not written
 * out in it is not guessed. One pass, in linear time.
 */

export interface Token {
  kind: 'word' | 'number' | 'string' | 'symbol' | 'newline';
  text: string;
  /** From 1. */
  line: number;
  /** A string with something in it that is computed: `"$version"`. */
  isComputed?: true;
}

/** More than a build script has. */
const maxTokens = 200_000;
/** Where a slash begins a string of Groovy: behind what no value ends with. */
const beforeSlashy = new Set(['(', ',', '=', '~', '[', ':', '!', '&', '|', '?', '{', '']);

/** @param kotlin comments nest there, and a slash is never a quote */
export function tokensOf(text: string, { kotlin }: { kotlin: boolean }): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let at = 0;
  const count = (from: number, to: number) => {
    for (let next = from; next < to; next++) if (text[next] === '\n') line++;
  };
  while (at < text.length && tokens.length < maxTokens) {
    const character = text[at] ?? '';
    if (character === '\n') {
      tokens.push({ kind: 'newline', text: '\n', line });
      line++;
      at++;
    } else if (/\s/.test(character)) at++;
    else if (text.startsWith('//', at)) at = endOr(text.indexOf('\n', at), text);
    else if (text.startsWith('/*', at)) {
      const end = endOfComment(text, at, kotlin);
      count(at, end);
      at = end;
    } else if (isQuote(text, at, kotlin, tokens.at(-1))) {
      const string = stringAt(text, at);
      tokens.push({
        kind: 'string',
        text: string.value,
        line,
        ...(string.isComputed ? { isComputed: true as const } : {}),
      });
      count(at, string.end);
      at = string.end;
    } else if (character === '`') {
      const end = text.indexOf('`', at + 1);
      const close = end === -1 ? text.length : end;
      tokens.push({ kind: 'word', text: text.slice(at + 1, close), line });
      count(at, close);
      at = close + 1;
    } else {
      const run = runAt(text, at);
      tokens.push({ ...run, line });
      at += run.text.length;
    }
  }
  return tokens;
}

const word = /[A-Za-z_$][\w$]*/y;
const number = /\d[\w.]*/y;

function runAt(text: string, at: number): Pick<Token, 'kind' | 'text'> {
  word.lastIndex = at;
  const name = word.exec(text)?.[0];
  if (name !== undefined) return { kind: 'word', text: name };
  number.lastIndex = at;
  const digits = number.exec(text)?.[0];
  if (digits !== undefined) return { kind: 'number', text: digits };
  return { kind: 'symbol', text: text[at] ?? '' };
}

function endOr(found: number, text: string): number {
  return found === -1 ? text.length : found;
}

function endOfComment(text: string, start: number, nests: boolean): number {
  if (!nests) {
    const end = text.indexOf('*/', start + 2);
    return end === -1 ? text.length : end + 2;
  }
  let depth = 1;
  let at = start + 2;
  while (at < text.length && depth > 0) {
    if (text.startsWith('/*', at)) {
      depth++;
      at += 2;
    } else if (text.startsWith('*/', at)) {
      depth--;
      at += 2;
    } else at++;
  }
  return at;
}

function isQuote(text: string, at: number, kotlin: boolean, before: Token | undefined): boolean {
  const character = text[at];
  if (character === '"' || character === "'") return true;
  if (kotlin || character !== '/') return false;
  const isExpected =
    before === undefined ||
    before.kind === 'newline' ||
    (before.kind === 'symbol' && beforeSlashy.has(before.text));
  if (!isExpected) return false;
  for (let end = at + 1; end < text.length && text[end] !== '\n'; end++)
    if (text[end] === '/') return end > at + 1;
  return false;
}

function stringAt(text: string, start: number): { value: string; end: number; isComputed: boolean } {
  const quote = text[start] ?? '"';
  const triple = quote.repeat(3);
  const isTriple = quote !== '/' && text.startsWith(triple, start);
  const mark = isTriple ? triple : quote;
  let at = start + mark.length;
  let value = '';
  let isComputed = false;
  while (at < text.length && !text.startsWith(mark, at)) {
    const character = text[at] ?? '';
    if (character === '\n' && !isTriple) break;
    if (character === '\\' && quote !== '/') {
      value += text[at + 1] ?? '';
      at += 2;
      continue;
    }
    if (character === '$' && quote !== "'" && /[A-Za-z_{]/.test(text[at + 1] ?? '')) isComputed = true;
    value += character;
    at++;
  }
  return {
    value,
    end: Math.min(text.length, at + (text.startsWith(mark, at) ? mark.length : 0)),
    isComputed,
  };
}
