/**
 * Forms of Clojure and EDN (https://github.com/edn-format/edn), without evaluating any: reader macros before a form are
 * passed over. One pass, without recursion.
 */

export interface Form {
  kind: 'list' | 'vector' | 'map' | 'string' | 'word';
  /** Text of a string or a word; empty for others. */
  text: string;
  items: Form[];
  /** From 1. */
  line: number;
}

const kinds: Readonly<Record<string, Form['kind']>> = { '(': 'list', '[': 'vector', '{': 'map' };
const maxForms = 100_000;
const maxDepth = 200;

/** The forms of a text; `isWhole` is false where one of them has no end, or there are too many. */
export function readForms(text: string): { forms: Form[]; isWhole: boolean } {
  const top: Form = { kind: 'list', text: '', items: [], line: 1 };
  const open: Form[] = [top];
  const discards: number[] = [0];
  let line = 1;
  let count = 0;
  let isWhole = true;
  const add = (form: Form) => {
    count++;
    const at = open.length - 1;
    if ((discards[at] ?? 0) > 0) discards[at] = (discards[at] ?? 0) - 1;
    else open[at]?.items.push(form);
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at] ?? '';
    if (count > maxForms || open.length > maxDepth) return { forms: top.items, isWhole: false };
    if (character === '\n') line++;
    if (/[\s,'`~@]/.test(character)) at++;
    else if (character === ';' || text.startsWith('#!', at)) {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
    } else if (text.startsWith('#_', at)) {
      discards[open.length - 1] = (discards[open.length - 1] ?? 0) + 1;
      at += 2;
    } else if (character === '^' || character === '#') at = afterMacro(text, at);
    else if (character === '"') {
      const string = stringAt(text, at);
      add({ kind: 'string', text: string.value, items: [], line });
      line += string.lines;
      isWhole &&= string.isClosed;
      at = string.end;
    } else if (kinds[character] !== undefined) {
      open.push({ kind: kinds[character], text: '', items: [], line });
      discards.push(0);
      at++;
    } else if (character === ')' || character === ']' || character === '}') {
      const closed = open.length > 1 ? open.pop() : undefined;
      if (closed === undefined) isWhole = false;
      else {
        discards.pop();
        add(closed);
      }
      at++;
    } else {
      const end =
        character === '\\'
          ? Math.max(at + 2, endOfWord(text, at + 2))
          : Math.max(at + 1, endOfWord(text, at));
      add({ kind: 'word', text: text.slice(at, end), items: [], line });
      at = end;
    }
  }
  for (let form = open.pop(); form !== undefined && form !== top; form = open.pop()) {
    isWhole = false;
    open.at(-1)?.items.push(form);
  }
  return { forms: top.items, isWhole };
}

/** Metadata that is a word (`^:skip-aot`) goes with its mark; a tag (`#inst`) and the mark of a set do too. */
function afterMacro(text: string, at: number): number {
  const next = text[at + 1] ?? '';
  if (/[{("[^'?=]/.test(next) || next === '') return at + 1;
  return Math.max(at + 1, endOfWord(text, at + 1));
}

const delimiter = /[\s,;"()[\]{}]/g;

function endOfWord(text: string, at: number): number {
  delimiter.lastIndex = at;
  return delimiter.exec(text)?.index ?? text.length;
}

function stringAt(text: string, start: number) {
  let value = '';
  let lines = 0;
  let at = start + 1;
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\') at++;
    if (text[at] === '\n') lines++;
    value += text[at] ?? '';
  }
  return { value, lines, end: Math.min(text.length, at + 1), isClosed: at < text.length };
}

/** The form behind a word in a list of keys and values. */
export function behind(items: readonly Form[], key: string): Form | null {
  const at = items.findIndex((item) => item.kind === 'word' && item.text === key);
  return at === -1 ? null : (items[at + 1] ?? null);
}

/** The form at a path of keys of nested maps. */
export function formAt(form: Form | null, path: readonly string[]): Form | null {
  let at = form;
  for (const key of path) {
    if (at === null || at.kind !== 'map') return null;
    at = behind(at.items, key);
  }
  return at;
}
