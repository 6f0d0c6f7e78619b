/** Words and texts of a Perl program, without running it: enough for lists of modules. */
import { lineCounter } from '../../text/lines.ts';

export interface Token {
  /** `word` is a name or a number; `mark` one of `=> , ; { } ( ) [ ]` or another character. */
  kind: 'word' | 'text' | 'mark';
  value: string;
  /** From 1. */
  line: number;
}

const pairs: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };
const maxTokens = 200_000;

/** Comments, documentation and what follows `__END__` are left out. Linear in the text; never throws. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const lineOf = lineCounter(text);
  let at = 0;
  while (at < text.length && tokens.length < maxTokens) {
    const character = text[at] ?? '';
    const isStart = at === 0 || text[at - 1] === '\n';
    if (isStart && /^=[a-z]/i.test(text.slice(at, at + 2))) {
      const end = text.indexOf('\n=cut', at);
      at = end === -1 ? text.length : after(text, end + 1);
    } else if (character === '#') at = after(text, at);
    else if (/\s/.test(character)) at++;
    else if (character === '"' || character === "'") {
      const end = closing(text, at + 1, character);
      tokens.push({ kind: 'text', value: unescaped(text.slice(at + 1, end)), line: lineOf(at) });
      at = end + 1;
    } else if (/[\w$@%&]/.test(character)) {
      const word = /^[\w$@%&:.]+/.exec(text.slice(at, at + 200))?.[0] ?? character;
      if (word === '__END__' || word === '__DATA__') break;
      const quoted = quoteAt(text, at, word);
      if (quoted !== null) {
        const inner = text.slice(quoted.from, quoted.to);
        if (word === 'qw')
          for (const value of inner.split(/\s+/))
            if (value !== '') tokens.push({ kind: 'text', value, line: lineOf(at) });
        if (word !== 'qw' && /^qq?$/.test(word))
          tokens.push({ kind: 'text', value: inner, line: lineOf(at) });
        at = quoted.to + 1;
      } else {
        tokens.push({ kind: 'word', value: word, line: lineOf(at) });
        at += word.length;
      }
    } else {
      const mark = text.startsWith('=>', at) ? '=>' : character;
      tokens.push({ kind: 'mark', value: mark, line: lineOf(at) });
      at += mark.length;
    }
  }
  return tokens;
}

function after(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

function closing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at;
  }
  return text.length;
}

/** `q(…)`, `qq{…}`, `qw/…/`, `m/…/`: where the text within stands. */
function quoteAt(text: string, at: number, word: string): { from: number; to: number } | null {
  if (!/^(q|qq|qw|qr|m)$/.test(word)) return null;
  const open = text[at + word.length] ?? '';
  if (!/[([{<|/!]/.test(open)) return null;
  const close = pairs[open];
  const from = at + word.length + 1;
  if (close === undefined) return { from, to: closing(text, from, open) };
  let depth = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '\\') index++;
    else if (text[index] === open) depth++;
    else if (text[index] === close && --depth === 0) return { from, to: index };
  }
  return { from, to: text.length };
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
