import { compared, fromUpTo, type Operator } from './comparison.ts';
import { allOf, anyOf, beginningWith, complement, everything, type VersionSet } from './interval.ts';
import { caretEnd, nextPrefix, parseTuple, pessimisticEnd, type Tuple } from './tuple.ts';

/** Constraints that compare with operators and join with words of "and" and "or": one grammar each. */
export type ConstraintGrammar = 'cabal' | 'opam' | 'nimble' | 'shards';

interface Grammar {
  /** What a version means that no operator stands before. */
  bare: string;
  operators: Readonly<Record<string, Meaning>>;
}

type Meaning = (version: ReadVersion) => VersionSet;

interface ReadVersion {
  tuple: Tuple;
  /** It names something before the release: `5.2~alpha1`, `1.0.0-rc1`. */
  isPre: boolean;
  isWildcard: boolean;
}

const plain =
  (operator: Operator): Meaning =>
  ({ tuple, isPre, isWildcard }) => {
    if (isWildcard && operator === '=') return [beginningWith(tuple)];
    if (isWildcard && operator === '!=') return complement(beginningWith(tuple));
    return compared(operator, tuple, isPre ? 'pre' : 'release');
  };

const ordered = { '<': plain('<'), '<=': plain('<='), '>': plain('>'), '>=': plain('>=') };

const upTo =
  (endOf: (tuple: Tuple) => Tuple): Meaning =>
  ({ tuple, isPre }) =>
    fromUpTo(tuple, endOf(tuple), isPre ? 'pre' : 'release');

const grammars: Readonly<Record<ConstraintGrammar, Grammar>> = {
  // https://cabal.readthedocs.io/en/stable/cabal-package-description-file.html#pkg-field-build-depends
  cabal: {
    bare: '==',
    operators: {
      ...ordered,
      '==': plain('='),
      '^>=': upTo(([first = 0, second = 0]) => nextPrefix([first, second])),
    },
  },
  // https://opam.ocaml.org/doc/Manual.html#Version-constraints
  opam: { bare: '=', operators: { ...ordered, '=': plain('='), '!=': plain('!=') } },
  // https://nim-lang.github.io/nimble/create-packages.html#dependencies
  nimble: {
    bare: '==',
    operators: {
      ...ordered,
      '==': plain('='),
      '^=': upTo(caretEnd),
      '~=': upTo(pessimisticEnd),
    },
  },
  // https://github.com/crystal-lang/shards/blob/master/docs/shard.yml.adoc
  shards: {
    bare: '>=',
    operators: { ...ordered, '=': plain('='), '!=': plain('!='), '~>': upTo(pessimisticEnd) },
  },
};

const token =
  /\s*(?:(?<any>\*|-any)|(?<or>\|\|?)|(?<and>&&?|,)|(?<open>\()|(?<close>\))|(?<operator>[\^~!]?[<>=]=?|~>)|"?v?(?<numbers>\d{1,9}(?:\.\d{1,9}){0,7})(?<wildcard>\.\*)?(?<rest>[-+~a-zA-Z][-+~.\w]*)?"?)/y;

interface Token {
  kind: 'any' | 'or' | 'and' | 'open' | 'close' | 'operator' | 'version';
  text: string;
  version: ReadVersion | null;
}

/**
 * A constraint as a set of releases. "And" binds closer than "or"; parentheses group.
 *
 * @param text at most some hundred characters: each parenthesis is a call
 * @returns null for what the grammar does not have
 */
export function constraintSet(text: string, grammar: ConstraintGrammar): VersionSet | null {
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return null;
  const { bare, operators } = grammars[grammar];
  const meaningOf = new Map(Object.entries(operators));
  let at = 0;

  function alternatives(): VersionSet | null {
    const sets = [all()];
    while (tokens?.[at]?.kind === 'or') {
      at++;
      sets.push(all());
    }
    return anyOf(sets);
  }

  function all(): VersionSet | null {
    const sets = [one()];
    while (tokens?.[at]?.kind === 'and') {
      at++;
      sets.push(one());
    }
    return allOf(sets);
  }

  function one(): VersionSet | null {
    const first = tokens?.[at++];
    if (first === undefined) return null;
    if (first.kind === 'any') return everything;
    if (first.kind === 'open') {
      const inner = alternatives();
      return tokens?.[at++]?.kind === 'close' ? inner : null;
    }
    if (first.kind === 'version') return meaning(bare, first);
    return first.kind === 'operator' ? meaning(first.text, tokens?.[at++]) : null;
  }

  function meaning(operator: string, next: Token | undefined): VersionSet | null {
    return next?.version == null ? null : (meaningOf.get(operator)?.(next.version) ?? null);
  }

  const set = alternatives();
  return at === tokens.length ? set : null;
}

function tokensOf(text: string): Token[] | null {
  const tokens: Token[] = [];
  const trimmed = text.trim();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const { groups } = token.exec(trimmed) ?? {};
    if (groups === undefined) return null;
    const { numbers, wildcard, rest = '' } = groups;
    const tuple = numbers === undefined ? null : parseTuple(numbers);
    if (tuple !== null) {
      // "5.2+options" and "1.6.0-1" are of the release; "5.2~rc1", "1.0.0-rc1" come before it.
      const isPre = /^~|^-?(alpha|beta|rc|pre|dev)/i.test(rest);
      tokens.push({
        kind: 'version',
        text: numbers ?? '',
        version: { tuple, isPre, isWildcard: wildcard !== undefined },
      });
      continue;
    }
    const [kind, found] = Object.entries(groups).find(([, value]) => value !== undefined) ?? [];
    if (kind === undefined) return null;
    tokens.push({ kind: kind as Token['kind'], text: found ?? '', version: null });
  }
  return tokens;
}
