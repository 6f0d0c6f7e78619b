/** Calls in languages that write `name(argument, key: value)`: Meson's, and Python's as Conan uses it. */
import { lineCounter } from '../../text/lines.ts';

export interface Call {
  name: string;
  /** Texts that stand in it, in order; those of inner calls are not its own. */
  texts: { text: string; key: string | null }[];
  /** The first argument where it is one text, name or call, and nothing else. */
  first: { kind: 'text' | 'word' | 'call'; value: string } | null;
  /** Words after a key that are no texts: `false`, `get_option`. */
  words: { word: string; key: string }[];
  /** From 1. */
  line: number;
  /** How many conditions it stands in. */
  depth: number;
}

const piece =
  /(?<comment>#[^\n]*)|(?<long>'''[\s\S]*?(?:'''|$)|"""[\s\S]*?(?:"""|$))|(?<text>f?'(?:[^'\\\n]|\\.)*'?|f?"(?:[^"\\\n]|\\.)*"?)|(?<key>[A-Za-z_]\w*)(?=\s*[:=](?!=))|(?<call>[A-Za-z_][\w.]*)(?=\s*\()|(?<word>[A-Za-z_]\w*)|(?<mark>[()[\],])|(?<operator>[+/*?]|\.(?=[A-Za-z_]))/g;

/** All calls, in the order in which they begin. */
export function callsOf(source: string): Call[] {
  const calls: Call[] = [];
  const lineAt = lineCounter(source);
  const open: Open[] = [];
  let next: Call | null = null;
  let depth = 0;
  for (const match of source.matchAll(piece)) {
    const { comment, long, text, key, call, word, mark, operator } = match.groups ?? {};
    const top = open.at(-1);
    if (comment !== undefined) continue;
    noteFirst(top, match.groups ?? {});
    if (operator !== undefined) continue;
    if (long !== undefined || text !== undefined) {
      const owner = ownerOf(open);
      owner?.call?.texts.push({ text: plainText(long ?? text ?? ''), key: owner.key });
    } else if (call !== undefined || key !== undefined || word !== undefined) {
      const name = call ?? key ?? word ?? '';
      if (name === 'if' || name === 'foreach') depth++;
      else if (name === 'endif' || name === 'endforeach') depth = Math.max(0, depth - 1);
      else if (key !== undefined && top?.call != null) top.key = name;
      else if (top?.call != null && top.key !== null) top.call.words.push({ word: name, key: top.key });
      next =
        call === undefined
          ? null
          : { name, texts: [], words: [], first: null, line: lineAt(match.index), depth };
    } else if (mark === '(') {
      if (next !== null) calls.push(next);
      open.push({ call: next, key: null, isAtFirst: next !== null });
      next = null;
    } else if (mark === '[') open.push({ call: null, key: null, isAtFirst: false });
    else if (mark === ',') {
      if (top?.call != null) top.key = null;
    } else open.pop();
  }
  return calls;
}

/** A parenthesis or bracket that is open, and whether its first argument is. */
interface Open {
  call: Call | null;
  key: string | null;
  isAtFirst: boolean;
}

/** Keeps the first argument of a call; a second piece before the comma makes it more than one text or name. */
function noteFirst(top: Open | undefined, pieces: Readonly<Record<string, string | undefined>>): void {
  if (top?.call == null || !top.isAtFirst || pieces.mark === '(' || pieces.mark === ')') return;
  const { long, text, call, word } = pieces;
  if (pieces.mark === ',' || pieces.key !== undefined) top.isAtFirst = false;
  else if (top.call.first !== null || (long ?? text ?? call ?? word) === undefined) {
    top.call.first = null;
    top.isAtFirst = false;
  } else if (call !== undefined) top.call.first = { kind: 'call', value: call };
  else if (word !== undefined) top.call.first = { kind: 'word', value: word };
  else top.call.first = { kind: 'text', value: plainText(long ?? text ?? '') };
}

function plainText(written: string): string {
  return written.replace(/^f?('''|"""|'|")|('''|"""|'|")$/g, '').slice(0, 1000);
}

/** The call whose argument this is: lists and groups within it are its own, calls within it are not. */
function ownerOf(open: readonly Open[]) {
  for (let at = open.length - 1; at >= Math.max(0, open.length - 4); at--) {
    if (open[at]?.call != null) return open[at];
  }
  return undefined;
}

/** The texts of a call before any key. */
export function positional({ texts }: Call): string[] {
  return texts.filter(({ key }) => key === null).map(({ text }) => text);
}
