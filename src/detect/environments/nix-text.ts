/**
 * What of a Nix expression can be read without evaluating it: literal settings by their whole path, and names in
 * lists of packages. Linear in the length of the text; never throws.
 */
export interface NixFacts {
  settings: { path: string; value: string; line: number }[];
  /** Names in a list that is the value of `packages` and the like, without `pkgs.`. */
  packages: { name: string; line: number }[];
}

const lists = new Set(['packages', 'buildInputs', 'nativeBuildInputs']);
const maxFacts = 500;
const maxDepth = 100;

export function nixFacts(text: string): NixFacts {
  const facts: NixFacts = { settings: [], packages: [] };
  /** Paths of the sets that are open; null for what is none. */
  const open: (string | null)[] = [];
  let words: Token[] = [];
  let list: number | null = null;
  const prefix = () => open.filter((each) => each !== null && each !== '').join('.');
  for (const token of tokens(text)) {
    if (facts.packages.length + facts.settings.length >= maxFacts) break;
    if (list !== null) {
      if (token.text === '[' || token.text === '(' || token.text === '{') list++;
      else if (token.text === ']' || token.text === ')' || token.text === '}')
        list = list === 1 ? null : list - 1;
      else if (list === 1 && token.kind === 'word')
        facts.packages.push({ name: token.text.replace(/^pkgs\./, ''), line: token.line });
      if (list === null) words = [];
      continue;
    }
    const key = keyOf(words);
    if (token.text === '[' && key !== null && lists.has(key.split('.').at(-1) ?? '')) list = 1;
    else if (token.text === '{') {
      if (open.length >= maxDepth) break;
      open.push(words.length === 0 ? '' : key);
      words = [];
    } else if (token.text === '}') {
      open.pop();
      words = [];
    } else if (token.text === ';' && words[2]?.text === 'with') words = words.slice(0, 2);
    else if (token.text === ';') {
      const value = words[2];
      if (
        key !== null &&
        value !== undefined &&
        words.length === 3 &&
        (value.kind === 'string' || /^(true|false|\d+)$/.test(value.text))
      ) {
        const path = [prefix(), key].filter((each) => each !== '').join('.');
        facts.settings.push({ path, value: value.text, line: words[0]?.line ?? value.line });
      }
      words = [];
    } else if (token.text === ':') words = words[1]?.text === '=' ? words.slice(0, 2) : [];
    else if (words.length < 20) words.push(token);
  }
  return facts;
}

/** The path before `=`, if what was read since the last end of a binding begins so. */
function keyOf(words: readonly Token[]): string | null {
  const at = words.findLastIndex(({ text }) => text === '=');
  const name = words[at - 1];
  return at > 0 && name?.kind === 'word' ? name.text : null;
}

interface Token {
  kind: 'word' | 'string' | 'sign';
  text: string;
  line: number;
}

const word = /[A-Za-z_][\w'-]*(?:\.[A-Za-z_][\w'-]*)*|\d+/y;

function* tokens(text: string): Generator<Token> {
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const start = at;
    const char = text[at] ?? '';
    word.lastIndex = at;
    if (char === '#') at = orEnd(text, text.indexOf('\n', at));
    else if (text.startsWith('/*', at)) at = orEnd(text, text.indexOf('*/', at + 2), 2);
    else if (char === '"' || text.startsWith("''", at)) {
      const mark = char === '"' ? '"' : "''";
      const from = at + mark.length;
      let end = text.indexOf(mark, from);
      while (
        end !== -1 &&
        ((mark === '"' && text[end - 1] === '\\') || (mark === "''" && /[$'\\]/.test(text[end + 2] ?? '')))
      ) {
        end = text.indexOf(mark, end + mark.length);
      }
      at = orEnd(text, end, mark.length);
      const value = text.slice(from, end === -1 ? text.length : end);
      yield { kind: value.includes('${') ? 'sign' : 'string', text: value.slice(0, 200), line };
    } else {
      const found = word.exec(text)?.[0];
      if (found !== undefined) yield { kind: 'word', text: found, line };
      else if (!/\s/.test(char)) yield { kind: 'sign', text: char, line };
      at += found?.length ?? 1;
    }
    for (let back = start; back < at; back++) if (text[back] === '\n') line++;
  }
}

function orEnd(text: string, at: number, length = 0): number {
  return at === -1 ? text.length : at + length;
}
