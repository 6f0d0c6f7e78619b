/**
 * Environment markers (https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers),
 * as far as they say that a dependency can never apply: nidify's systems are Linux and macOS.
 */

/** What is known of a system; every other variable may have any value. */
type Environment = Readonly<Record<string, string>>;

const linux = { os_name: 'posix', sys_platform: 'linux', platform_system: 'Linux' };
const darwin = { os_name: 'posix', sys_platform: 'darwin', platform_system: 'Darwin' };
const environments: readonly Environment[] = [
  { ...linux, platform_machine: 'x86_64' },
  { ...linux, platform_machine: 'aarch64' },
  { ...darwin, platform_machine: 'arm64' },
];

/** A marker may be false; more nesting than this is taken for true. */
const maxDepth = 32;

const tokenPattern =
  /\s*(?:(?<string>"[^"]*"|'[^']*')|(?<operator>===|==|!=|<=|>=|~=|<|>)|(?<paren>[()])|(?<word>[A-Za-z_][\w.]*))/y;

interface Token {
  kind: 'string' | 'operator' | 'paren' | 'word';
  text: string;
}

/** True, false, or null where it depends on what is not known. */
type Truth = boolean | null;

/**
 * Whether a marker can be true on one of nidify's systems. A marker that cannot be understood can.
 */
export function canApply(marker: string): boolean {
  const tokens = tokensOf(marker);
  if (tokens === null) return true;
  return environments.some((environment) => evaluate(tokens, environment) !== false);
}

function tokensOf(marker: string): Token[] | null {
  const tokens: Token[] = [];
  const text = marker.trim();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const groups = tokenPattern.exec(text)?.groups;
    if (groups === undefined) return null;
    const { string, operator, paren, word } = groups;
    if (string !== undefined) tokens.push({ kind: 'string', text: string.slice(1, -1) });
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (paren !== undefined) tokens.push({ kind: 'paren', text: paren });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

function evaluate(tokens: readonly Token[], environment: Environment): Truth {
  let at = 0;
  const peek = (text: string) => tokens[at]?.text === text && tokens[at]?.kind !== 'string';
  /** Parts joined by a word; the decisive truth of one part is that of the whole. */
  const joined = (word: string, decisive: boolean, part: () => Truth): Truth => {
    let value = part();
    while (peek(word)) {
      at++;
      const other = part();
      if (value !== decisive) value = other === decisive || other === null ? other : value;
    }
    return value;
  };
  const either = (depth: number): Truth => joined('or', true, () => both(depth));
  const both = (depth: number): Truth => joined('and', false, () => one(depth));
  const one = (depth: number): Truth => {
    if (!peek('(')) return comparison();
    if (depth >= maxDepth) {
      at = tokens.length;
      return null;
    }
    at++;
    const value = either(depth + 1);
    at++;
    return value;
  };
  const comparison = (): Truth => {
    const left = tokens[at++];
    const isNegated = peek('not');
    if (isNegated) at++;
    const operator = tokens[at++];
    const right = tokens[at++];
    if (left === undefined || operator === undefined || right === undefined) return null;
    const truth = compared(known(left, environment), operator.text, known(right, environment));
    return truth !== null && isNegated ? !truth : truth;
  };
  const value = either(0);
  return at < tokens.length ? null : value;
}

function known({ kind, text }: Token, environment: Environment): string | null {
  if (kind === 'string') return text;
  return Object.hasOwn(environment, text) ? (environment[text] ?? null) : null;
}

function compared(left: string | null, operator: string, right: string | null): Truth {
  if (left === null || right === null) return null;
  if (operator === '==' || operator === '===') return left === right;
  if (operator === '!=') return left !== right;
  return operator === 'in' ? right.includes(left) : null;
}
