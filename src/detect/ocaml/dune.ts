/** S-expressions, as dune's files have them: https://dune.readthedocs.io/en/stable/reference/lexical-conventions.html */

export type Sexp = { atom: string; line: number } | { list: Sexp[]; line: number };

const maxDepth = 200;

const piece = /;[^\n]*|#\|[\s\S]*?(?:\|#|$)|"(?:[^"\\]|\\[\s\S])*"?|[()]|[^\s()";]+|\n/g;

/** What stands at the top; a list that is not closed ends with the file. */
export function parseSexps(text: string): Sexp[] {
  const top: Sexp[] = [];
  const open: Sexp[][] = [];
  let line = 1;
  for (const [token] of text.matchAll(piece)) {
    if (token === '\n') line++;
    else if (token.startsWith(';') || token.startsWith('#|')) line += newlines(token);
    else if (token === '(') {
      if (open.length >= maxDepth) return top;
      const list: Sexp[] = [];
      (open.at(-1) ?? top).push({ list, line });
      open.push(list);
    } else if (token === ')') open.pop();
    else {
      const atom = token.startsWith('"') ? token.replace(/^"|"$/g, '').replace(/\\([\s\S])/g, '$1') : token;
      (open.at(-1) ?? top).push({ atom: atom.slice(0, 1000), line });
      line += newlines(token);
    }
  }
  return top;
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

/** The lists that begin with this word. */
export function fields(items: readonly Sexp[], name: string): { rest: Sexp[]; line: number }[] {
  return items.flatMap((item) => {
    if (!('list' in item)) return [];
    const [head, ...rest] = item.list;
    return head !== undefined && 'atom' in head && head.atom === name ? [{ rest, line: item.line }] : [];
  });
}

export function atoms(items: readonly Sexp[]): string[] {
  return items.flatMap((item) => ('atom' in item ? [item.atom] : []));
}

/** `(and (>= 4.08) (< 5.2))` → `(>= 4.08) & (< 5.2)`, in opam's notation: null for what is no bound of a version. */
export function boundOf(item: Sexp, depth = 0): string | null {
  if (!('list' in item) || depth > 20) return null;
  const [head, ...rest] = item.list;
  if (head === undefined || !('atom' in head)) return null;
  const operator = head.atom;
  if (operator === 'and' || operator === 'or') {
    const parts = rest.flatMap((each) => boundOf(each, depth + 1) ?? []);
    return parts.length === 0 ? null : `(${parts.join(operator === 'and' ? ' & ' : ' | ')})`;
  }
  const [version] = atoms(rest);
  if (!/^([<>]=?|=|<>)$/.test(operator) || version === undefined || !/^\d/.test(version)) return null;
  return `${operator === '<>' ? '!=' : operator} "${version}"`;
}
