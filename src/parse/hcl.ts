/**
 * What of HashiCorp's configuration language can be read without evaluating it
 * (https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md): blocks, and arguments whose value is a literal
 * string. Everything else is passed over. Linear in the length of the text; never throws.
 */
export interface HclBlock {
  /** `terraform`; for the file itself "". */
  type: string;
  labels: string[];
  /** From 1. */
  line: number;
  /** Arguments with a literal string, in order. */
  strings: { name: string; value: string; line: number }[];
  blocks: HclBlock[];
}

/** Deeper blocks are no configuration that anybody reads. */
const maxDepth = 50;

export function parseHcl(text: string): HclBlock {
  const root: HclBlock = { type: '', labels: [], line: 1, strings: [], blocks: [] };
  const open: (HclBlock | null)[] = [root];
  /** Words and strings since the line began, or since a brace. */
  let words: Token[] = [];
  for (const token of tokens(text)) {
    const block = open.at(-1) ?? null;
    if (token.kind === 'end') {
      if (block !== null) takeArgument(block, words);
      words = [];
    } else if (token.kind === 'open') {
      const child = block !== null && open.length < maxDepth ? blockOf(words) : null;
      if (child !== null) block?.blocks.push(child);
      open.push(child);
      words = [];
    } else if (token.kind === 'close') {
      if (block !== null) takeArgument(block, words);
      if (open.length > 1) open.pop();
      words = [];
    } else words.push(token);
  }
  if (open.length === 1) takeArgument(root, words);
  return root;
}

interface Token {
  kind: 'word' | 'string' | 'template' | 'other' | 'open' | 'close' | 'end';
  text: string;
  line: number;
}

function blockOf(words: readonly Token[]): HclBlock | null {
  const [type, ...labels] = words;
  if (type?.kind !== 'word' || labels.some(({ kind }) => kind !== 'word' && kind !== 'string')) return null;
  return {
    type: type.text,
    labels: labels.map(({ text }) => text),
    line: type.line,
    strings: [],
    blocks: [],
  };
}

function takeArgument(block: HclBlock, [name, equals, value, ...more]: readonly Token[]): void {
  if (name?.kind !== 'word' || equals?.text !== '=' || value?.kind !== 'string' || more.length > 0) return;
  block.strings.push({ name: name.text, value: value.text, line: name.line });
}

const word = /[A-Za-z_][\w-]*/y;
const blank = /[ \t\r]+/y;
const lineComment = /(?:#|\/\/)[^\n]*/y;
const heredoc = /<<[-~]?([A-Za-z_][\w-]*)[ \t\r]*\n/y;

function* tokens(text: string): Generator<Token> {
  let line = 1;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  /** Of brackets, whose contents are no arguments. */
  let nesting = 0;
  while (at < text.length) {
    const start = at;
    const char = text[at] ?? '';
    const skipped = take(blank) ?? take(lineComment);
    if (skipped !== null) at += skipped[0].length;
    else if (char === '\n') {
      if (nesting === 0) yield { kind: 'end', text: '', line };
      at++;
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      at = end === -1 ? text.length : end + 2;
    } else if (char === '"') {
      const { end, value } = stringAt(text, at);
      yield { kind: value === null ? 'template' : 'string', text: value ?? '', line };
      at = end;
    } else if (take(heredoc) !== null) {
      at = endOfHeredoc(text, at, take(heredoc)?.[1] ?? '');
      yield { kind: 'other', text: '<<', line };
    } else if (char === '{' || char === '}') {
      if (nesting === 0) yield { kind: char === '{' ? 'open' : 'close', text: char, line };
      at++;
    } else {
      const name = take(word)?.[0];
      if (name !== undefined) yield { kind: 'word', text: name, line };
      else {
        if (char === '[' || char === '(') nesting++;
        else if ((char === ']' || char === ')') && nesting > 0) nesting--;
        yield { kind: 'other', text: char, line };
      }
      at += name?.length ?? 1;
    }
    for (let back = start; back < at; back++) if (text[back] === '\n') line++;
  }
}

/** @returns the offset after it, and its value; null where it holds a template */
function stringAt(text: string, from: number): { end: number; value: string | null } {
  let value = '';
  let isTemplate = false;
  let depth = 0;
  let at = from + 1;
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\n' && depth === 0) break;
    if (char === '\\' && depth === 0) {
      value += text[at + 1] ?? '';
      at++;
    } else if ((char === '$' || char === '%') && text[at + 1] === '{' && text[at - 1] !== char) {
      isTemplate = true;
      depth++;
      at++;
    } else if (depth > 0) {
      if (char === '{') depth++;
      else if (char === '}') depth--;
    } else if (char === '"') {
      at++;
      break;
    } else value += char;
  }
  return { end: at, value: isTemplate ? null : value };
}

function endOfHeredoc(text: string, from: number, marker: string): number {
  let at = text.indexOf('\n', from) + 1;
  while (at > 0 && at < text.length) {
    const end = text.indexOf('\n', at);
    if (text.slice(at, end === -1 ? undefined : end).trim() === marker) return end === -1 ? text.length : end;
    if (end === -1) break;
    at = end + 1;
  }
  return text.length;
}
