/** opam files: https://opam.ocaml.org/doc/Manual.html#opam */

export interface OpamDependency {
  name: string;
  /** Bounds of its version: `>= "4.08" & < "5.2"`; empty where there are none. */
  bound: string;
  isForTests: boolean;
  /** From 1. */
  line: number;
}

const piece =
  /#[^\n]*|\(\*[\s\S]*?(?:\*\)|$)|"""[\s\S]*?(?:"""|$)|"(?:[^"\\]|\\[\s\S])*"?|[A-Za-z][\w-]*:|[[\](){}|&!]|[<>]=?|!=|=|[^\s"[\](){}|&<>=!]+|\n/g;

/** The packages of `depends`, with bounds of their versions. */
export function opamDependencies(text: string): OpamDependency[] {
  const found: OpamDependency[] = [];
  let line = 1;
  let isDepends = false;
  let lists = 0;
  let groups = 0;
  // Of `"a" | ("b" & "c")` only the first counts: bounds of the others would contradict it.
  let other: { groups: number; isOpen: boolean } | null = null;
  let last: OpamDependency | null = null;
  let filter: { of: OpamDependency; words: string[]; depth: number } | null = null;
  for (const [token] of text.matchAll(piece)) {
    if (token === '\n') {
      line++;
      continue;
    }
    const at = line;
    line += token.split('\n').length - 1;
    if (token.startsWith('#') || token.startsWith('(*')) continue;
    if (filter !== null) {
      if (token === '{') filter.depth++;
      else if (token === '}') {
        filter.depth--;
        if (filter.depth > 0) continue;
        filter.of.bound = boundOf(filter.words);
        filter.of.isForTests =
          filter.words.some((word) => /^with-(test|doc|dev-setup)$|^(build|dev)-test$/.test(word)) &&
          !filter.words.includes('!');
        filter = null;
      } else if (filter.words.length < 100) filter.words.push(token);
    } else if (/^[A-Za-z][\w-]*:$/.test(token) && lists === 0) isDepends = token === 'depends:';
    else if (token === '[') lists++;
    else if (token === ']') {
      lists = Math.max(0, lists - 1);
      other = null;
    } else if (token === '|') {
      if (other === null || groups <= other.groups) other = { groups, isOpen: true };
    } else if (token === '&') {
      if (other !== null && groups === other.groups) other.isOpen = true;
    } else if (token === ')') {
      groups = Math.max(0, groups - 1);
      if (other !== null && groups < other.groups) other = null;
    } else if (token === '{') {
      const of = isDepends && last !== null ? last : { name: '', bound: '', isForTests: false, line: at };
      filter = { of, words: [], depth: 1 };
    } else if (token === '(' || token.startsWith('"')) {
      if (other !== null && other.groups === groups) other = other.isOpen ? { groups, isOpen: false } : null;
      if (token === '(') groups++;
      else if (isDepends && lists > 0) {
        const name = token.replace(/^"|"$/g, '').slice(0, 200);
        last = { name, bound: '', isForTests: false, line: at };
        if (other === null) found.push(last);
      }
    }
  }
  return found;
}

/** What of a filter compares versions: `build & >= "4.08"` → `>= "4.08"`. */
function boundOf(words: readonly string[]): string {
  const clauses: string[] = [];
  let joint = '';
  for (const [at, word] of words.entries()) {
    const version = words[at + 1];
    if (word === '|') joint = ' | ';
    else if (word === '&') joint = ' & ';
    if (!/^([<>]=?|=|!=)$/.test(word) || !/^"\d/.test(version ?? '')) continue;
    clauses.push(`${clauses.length === 0 ? '' : joint || ' & '}${word} ${version}`);
    joint = '';
  }
  return clauses.join('');
}
