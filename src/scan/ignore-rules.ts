/**
 * The rules of a `.gitignore` (https://git-scm.com/docs/gitignore), matched without regular expressions made
 * of a repository's text: the time of one match is bounded by the lengths of rule and path.
 */
import { matchesStars } from '../text/stars.ts';

/** A rule longer than this matches no path that a system would open. */
const maxRuleLength = 1024;
/** Rules with wildcards, which are tried one by one: more is no file that a person wrote. */
export const maxWildcards = 500;

/** The rules of one file, for paths relative to its folder. */
export interface IgnoreFile {
  /** true: ignored; false: taken back by a `!` rule; null: not mentioned. */
  test(path: string, name: string, isFolder: boolean): boolean | null;
  /** Rules with wildcards. */
  wildcards: number;
  /** Rules were left out: a bound was reached. */
  isCut: boolean;
}

/** Position in the file: a later rule wins over an earlier one. */
interface Rule {
  at: number;
  isNegative: boolean;
  isFolderOnly: boolean;
}

interface Wildcard extends Rule {
  /** The steps are those of a path; otherwise there is one, for a name anywhere below. */
  isAnchored: boolean;
  steps: readonly Step[];
  /** What stands before the first wildcard, and after the last: most names are told apart by it. */
  head: string;
  tail: string;
}

type Step = '**' | readonly Token[];
type Token = string | '*' | { isNegative: boolean; ranges: readonly (readonly [string, string])[] };

/**
 * Reads rules. Those without wildcards and those for an ending (`*.log`), by far the commonest, are answered by
 * look-ups, which matters with 100,000 files.
 *
 * @param wildcards how many rules with wildcards are taken
 */
export function parseIgnoreFile(text: string, wildcards: number = maxWildcards): IgnoreFile {
  const names = new Map<string, Rule[]>();
  const endings = new Map<string, Rule[]>();
  const places = new Map<string, Rule[]>();
  const others: Wildcard[] = [];
  let isCut = false;
  for (const [at, line] of text.split('\n').entries()) {
    const found = lineOf(line);
    if (found === null) continue;
    const { pattern, isAnchored, ...flags } = found;
    const rule = { at, ...flags };
    const plain = plainOf(pattern);
    const ending = isAnchored ? undefined : /^\*(?<ending>\.[\w-]+)$/.exec(pattern)?.groups?.ending;
    if (plain !== null) add(isAnchored ? places : names, plain, rule);
    else if (ending !== undefined) add(endings, ending, rule);
    else if (pattern.length > maxRuleLength || others.length >= wildcards) isCut = true;
    else others.push({ ...rule, isAnchored, steps: stepsOf(pattern), ...endsOf(pattern) });
  }
  others.reverse();
  return {
    wildcards: others.length,
    isCut,
    test(path, name, isFolder) {
      const dot = name.lastIndexOf('.');
      const candidates = [
        names.get(name),
        places.get(path),
        dot === -1 ? undefined : endings.get(name.slice(dot)),
      ];
      let best: Rule | null = null;
      for (const rules of candidates) {
        const last = rules?.findLast((rule) => isFolder || !rule.isFolderOnly);
        if (last !== undefined && (best === null || last.at > best.at)) best = last;
      }
      const steps = others.length === 0 ? [] : path.split('/');
      for (const rule of others) {
        if (best !== null && best.at > rule.at) break;
        if (rule.isFolderOnly && !isFolder) continue;
        if (!name.endsWith(rule.tail) || !(rule.isAnchored ? path : name).startsWith(rule.head)) continue;
        if (!matches(rule.steps, rule.isAnchored ? steps : [name])) continue;
        best = rule;
        break;
      }
      return best === null ? null : !best.isNegative;
    },
  };
}

function add(rules: Map<string, Rule[]>, key: string, rule: Rule): void {
  const known = rules.get(key);
  if (known === undefined) rules.set(key, [rule]);
  else known.push(rule);
}

function lineOf(line: string) {
  let pattern = withoutTrailingBlanks(line.endsWith('\r') ? line.slice(0, -1) : line);
  if (pattern === '' || pattern.startsWith('#')) return null;
  const isNegative = pattern.startsWith('!');
  if (isNegative) pattern = pattern.slice(1);
  const isFolderOnly = pattern.endsWith('/');
  if (isFolderOnly) pattern = pattern.slice(0, -1);
  const isAnchored = pattern.includes('/');
  if (pattern.startsWith('/')) pattern = pattern.slice(1);
  return pattern === '' ? null : { pattern, isNegative, isFolderOnly, isAnchored };
}

/** Trailing blanks do not count, unless a backslash stands before them. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t') && line[end - 2] !== '\\') end--;
  return line.slice(0, end);
}

/** The text that a pattern without wildcards stands for; null when it has some. */
function plainOf(pattern: string): string | null {
  if (/[*?[]/.test(pattern)) return null;
  return pattern.replace(/\\(.)/g, '$1');
}

function endsOf(pattern: string): { head: string; tail: string } {
  return {
    head: /^[^*?[\\]*/.exec(pattern)?.[0] ?? '',
    // After a class or an escape, where the pattern's own text ends is not so plain.
    tail: /[[\]\\]/.test(pattern)
      ? ''
      : pattern.slice(Math.max(...['*', '?', '/'].map((each) => pattern.lastIndexOf(each))) + 1),
  };
}

function stepsOf(pattern: string): Step[] {
  const parts = pattern.split('/');
  const steps = parts.map((part): Step => (part === '**' && parts.length > 1 ? '**' : tokensOf(part)));
  // `a/**` is everything inside of a, not a itself.
  return steps.at(-1) === '**' ? [...steps, ['*']] : steps;
}

function tokensOf(part: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < part.length; at++) {
    const character = part[at] ?? '';
    if (character === '\\') {
      at++;
      tokens.push(`\\${part[at] ?? ''}`);
    } else if (character === '[') {
      const end = classEnd(part, at);
      // A class without end matches nothing, as in Git.
      if (end === -1) return [{ isNegative: false, ranges: [] }];
      tokens.push(classOf(part.slice(at + 1, end)));
      at = end;
    } else if (character !== '*' || tokens.at(-1) !== '*') {
      tokens.push(character);
    }
  }
  return tokens;
}

/** Where the bracket closes: one right after the opening is a member of the class. */
function classEnd(part: string, open: number): number {
  let at = open + 1;
  if (part[at] === '!' || part[at] === '^') at++;
  if (part[at] === ']') at++;
  for (; at < part.length; at++) {
    if (part[at] === '\\') at++;
    else if (part.startsWith('[:', at)) {
      const end = part.indexOf(':]', at);
      if (end !== -1) at = end + 1;
    } else if (part[at] === ']') return at;
  }
  return -1;
}

/** https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap09.html#tag_09_03_05, for ASCII. */
const namedClasses: Readonly<Record<string, string>> = {
  alnum: 'azAZ09',
  alpha: 'azAZ',
  blank: '  \t\t',
  cntrl: '\u0001\u001f\u007f\u007f',
  digit: '09',
  graph: '!~',
  lower: 'az',
  print: ' ~',
  punct: '!/:@[`{~',
  space: '\t\r  ',
  upper: 'AZ',
  xdigit: '09afAF',
};

function classOf(body: string): Token {
  const isNegative = body.startsWith('!') || body.startsWith('^');
  const ranges: [string, string][] = [];
  for (let at = isNegative ? 1 : 0; at < body.length; at++) {
    const name = /^\[:(?<name>[a-z]+):\]/.exec(body.slice(at, at + 12))?.groups?.name;
    if (name !== undefined) {
      const pairs = Object.hasOwn(namedClasses, name) ? (namedClasses[name] ?? '') : '';
      for (let pair = 0; pair < pairs.length; pair += 2)
        ranges.push([pairs[pair] ?? '', pairs[pair + 1] ?? '']);
      at += name.length + 3;
      continue;
    }
    if (body[at] === '\\') at++;
    const from = body[at] ?? '';
    let to = from;
    if (body[at + 1] === '-' && at + 2 < body.length) {
      at += body[at + 2] === '\\' ? 3 : 2;
      to = body[at] ?? '';
    }
    ranges.push([from, to]);
  }
  return { isNegative, ranges };
}

function matches(steps: readonly Step[], path: readonly string[]): boolean {
  return matchesStars(
    steps.length,
    path.length,
    (at) => steps[at] === '**',
    (at, against) => {
      const tokens = steps[at] ?? [];
      return tokens !== '**' && matchesName(tokens, path[against] ?? '');
    },
  );
}

function matchesName(tokens: readonly Token[], name: string): boolean {
  return matchesStars(
    tokens.length,
    name.length,
    (at) => tokens[at] === '*',
    (at, against) => matchesCharacter(tokens[at] ?? '', name[against] ?? ''),
  );
}

function matchesCharacter(token: Token, character: string): boolean {
  if (typeof token === 'string') return token === '?' || token === character || token === `\\${character}`;
  return token.ranges.some(([from, to]) => from <= character && character <= to) !== token.isNegative;
}
