/** Racket's data as its reader has them, as far as manifests go: https://docs.racket-lang.org/reference/reader.html */

export interface Datum {
  /** `other`: what is read over, such as numbers, characters, vectors and byte strings. */
  kind: 'list' | 'string' | 'symbol' | 'keyword' | 'other';
  /** Text of a string, name of a symbol or keyword; empty for lists. */
  text: string;
  items: Datum[];
  /** From 1. */
  line: number;
}

/** What is being read: a list until its end, or an abbreviation (`'x`) until the datum that it stands before. */
interface Open extends Datum {
  end: string | null;
}

/** More than people write, less than what would hurt. */
const maxDepth = 100;

const token = new RegExp(
  [
    String.raw`(?<space>\s+|;[^\n]*|#![ /][^\n]*)`,
    String.raw`#(?:lang |!)(?<language>\S+)`,
    String.raw`(?<comment>#\|)`,
    String.raw`#<<(?<here>[^\n]*)\n`,
    String.raw`"(?<string>[^"\\]*(?:\\[\s\S][^"\\]*)*)"`,
    // Byte strings and regular expressions.
    String.raw`(?<literal>#(?:rx#?|px#?)?"[^"\\]*(?:\\[\s\S][^"\\]*)*")`,
    String.raw`(?<character>#\\(?:[A-Za-z0-9]+|[\s\S]))`,
    String.raw`#:(?<keyword>[^\s()[\]{}",'\u0060;|\\]+)`,
    String.raw`(?<before>#;|#&|#'|#\u0060|#,@|#,|'|\u0060|,@|,)`,
    // `#(…)`, `#hash(…)`, `#s(…)`: no lists.
    '(?<vector>#[a-z0-9]*[([{])',
    '(?<open>[([{])',
    '(?<close>[)\\]}])',
    String.raw`(?<word>(?:[^\s()[\]{}",'\u0060;|\\]|\\[\s\S]|\|[^|]*\|)+)`,
  ].join('|'),
  'uy',
);

const ends: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const abbreviations: Readonly<Record<string, string>> = {
  "'": 'quote',
  '`': 'quasiquote',
  ',': 'unquote',
  ',@': 'unquote-splicing',
};

/** A module as it is written. */
export interface Source {
  /** Of `#lang`, where that comes first. */
  language: string | null;
  /** Without comments; null where they cannot be read: a string without an end, brackets that do not match. */
  data: Datum[] | null;
}

/** Reads a module in linear time. */
export function readSource(text: string): Source {
  const top: Datum[] = [];
  const open: Open[] = [];
  const source: Source = { language: null, data: null };
  let line = 1;
  let at = 0;
  while (at < text.length) {
    token.lastIndex = at;
    const found = token.exec(text)?.groups;
    if (found === undefined) return source;
    const { space, language, comment, here, before, vector, open: bracket = vector, close } = found;
    const next = endOf(text, token.lastIndex, comment !== undefined, here);
    if (next === null) return source;
    if (language !== undefined) {
      if (top.length === 0 && open.length === 0) source.language ??= language;
    } else if (before !== undefined) open.push(opened(before, null, line));
    else if (bracket !== undefined) open.push(opened(bracket, ends[bracket.slice(-1)] ?? null, line));
    else if (close !== undefined) {
      const closed = open.pop();
      if (closed === undefined || closed.end !== close) return source;
      put({ kind: closed.kind, text: '', items: closed.items, line: closed.line }, open, top);
    } else if (space === undefined && comment === undefined) put(leaf(found, line), open, top);
    if (open.length > maxDepth) return source;
    line += newlines(text, at, next);
    at = next;
  }
  return open.length === 0 ? { ...source, data: top } : source;
}

function opened(mark: string, end: string | null, line: number): Open {
  const name = abbreviations[mark];
  const items: Datum[] = name === undefined ? [] : [{ kind: 'symbol', text: name, items: [], line }];
  const isList = name !== undefined || (end !== null && !mark.startsWith('#'));
  return { kind: isList ? 'list' : 'other', text: mark, items, line, end };
}

/** Into what is open; an abbreviation ends with the datum behind it, and `#;` makes a comment of that. */
function put(datum: Datum, open: Open[], top: Datum[]): void {
  let whole = datum;
  for (let last = open.at(-1); last !== undefined && last.end === null; last = open.at(-1)) {
    open.pop();
    if (last.text === '#;') return;
    whole = { kind: last.kind, text: '', items: [...last.items, whole], line: last.line };
  }
  (open.at(-1)?.items ?? top).push(whole);
}

function leaf({ string, keyword, word }: Record<string, string | undefined>, line: number): Datum {
  const datum = (kind: Datum['kind'], text: string): Datum => ({ kind, text, items: [], line });
  if (string !== undefined) return datum('string', unescaped(string));
  if (keyword !== undefined) return datum('keyword', keyword);
  return word === undefined || /^[#\d]/.test(word) ? datum('other', '') : datum('symbol', word);
}

/** Quotes and backslashes; other escapes are in no name and no version. */
function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/gu, '$1');
}

function endOf(text: string, from: number, isComment: boolean, here: string | undefined): number | null {
  if (isComment) return endOfComment(text, from);
  return here === undefined ? from : endOfHereString(text, from, here);
}

/** Comments of blocks nest. */
function endOfComment(text: string, from: number): number | null {
  const mark = /#\||\|#/g;
  mark.lastIndex = from;
  let depth = 1;
  for (let found = mark.exec(text); found !== null; found = mark.exec(text)) {
    depth += found[0] === '#|' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return null;
}

/** Behind the first line that is the terminator. */
function endOfHereString(text: string, from: number, terminator: string): number | null {
  for (let at = from; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 ? text.length : newline;
    if (text.slice(at, end) === terminator) return end;
    at = end + 1;
  }
  return null;
}

/** Not by a search, which would go on behind the end for each of many data in a line. */
function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (text.charCodeAt(at) === 10) count++;
  return count;
}
