/**
 * Platforms of `[target.….dependencies]`: a triple or `cfg(…)`.
 * https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html#platform-specific-dependencies
 */

/** What `rustc --print cfg` says on Linux; the environments that need libraries from Nix are all of this kind. */
const linux: Readonly<Record<string, readonly string[]>> = {
  target_os: ['linux'],
  target_family: ['unix'],
  target_env: ['gnu'],
  target_arch: ['x86_64', 'aarch64'],
  target_pointer_width: ['64'],
  target_endian: ['little'],
  target_vendor: ['unknown'],
  panic: ['unwind'],
};
const flags = new Set(['unix', 'debug_assertions']);

/** Whether dependencies for this platform are built on Linux. What cannot be understood is taken to be. */
export function isForLinux(platform: string): boolean {
  const text = platform.trim();
  if (!text.startsWith('cfg(')) return /-linux(-|$)/.test(text);
  const expression = text.slice('cfg('.length).replace(/\)$/, '');
  const tokens = expression.match(/[\w-]+|"[^"]*"|[(),=]/g) ?? [];
  const state = { tokens, at: 0, depth: 0 };
  return predicate(state) ?? true;
}

interface State {
  tokens: readonly string[];
  at: number;
  depth: number;
}

/** @returns null where the expression is not understood */
function predicate(state: State): boolean | null {
  const name = state.tokens[state.at++];
  if (name === undefined || state.depth > 50) return null;
  const next = state.tokens[state.at];
  if (next === '=') {
    state.at++;
    const value = state.tokens[state.at++];
    if (value === undefined) return null;
    return linux[name]?.includes(value.replace(/^"|"$/g, '')) ?? false;
  }
  if (next !== '(') return flags.has(name);
  state.at++;
  state.depth++;
  const answers = list(state);
  state.depth--;
  if (answers === null) return null;
  if (name === 'all') return answers.every(Boolean);
  if (name === 'any') return answers.some(Boolean);
  return name === 'not' && answers[0] !== undefined ? !answers[0] : null;
}

function list(state: State): boolean[] | null {
  const answers: boolean[] = [];
  while (state.tokens[state.at] !== ')') {
    const answer = predicate(state);
    if (answer === null) return null;
    answers.push(answer);
    if (state.tokens[state.at] === ',') state.at++;
  }
  state.at++;
  return answers;
}
