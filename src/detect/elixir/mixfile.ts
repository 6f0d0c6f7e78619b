/** What a `mix.exs` says without being run: https://hexdocs.pm/mix/Mix.Project.html */
import { type Token, tokensOf } from './tokens.ts';

export interface MixDependency {
  name: string;
  line: number;
  /** Environments of `only:`; null for all of them. */
  only: readonly string[] | null;
}

export interface Mixfile {
  /** Whether a project was found in it. */
  isRead: boolean;
  app: string | null;
  /** Line of `def project`, else 1. */
  line: number;
  /** The requirement; `text` is null where it is computed. */
  elixir: { text: string | null; line: number } | null;
  /** Folder of an umbrella's applications. */
  appsPath: string | null;
  dependencies: readonly MixDependency[];
  /** Keys of all its lists: those of aliases are tasks that it defines (`assets.deploy`). */
  keys: ReadonlySet<string>;
  /** `mod:` of the application: something is started. */
  hasApplication: boolean;
  /** It is published: `package:` of the project. */
  isPackage: boolean;
  isEscript: boolean;
}

/** Reads a text in linear time; what is computed is not known. */
export function readMixfile(text: string): Mixfile {
  const { tokens, isBroken } = tokensOf(text);
  const attributes = attributesOf(tokens);
  const project = tokens.findIndex(
    ({ kind, text: name }, at) =>
      kind === 'word' && name === 'project' && /^defp?$/.test(tokens[at - 1]?.text ?? ''),
  );
  const keys = keyed(tokens, attributes);
  const app = keys.get('app');
  return {
    isRead: !isBroken && project !== -1,
    app: app?.kind === 'atom' ? app.text : null,
    line: tokens[project]?.line ?? 1,
    elixir: requirement(keys.get('elixir')),
    appsPath: stringOf(keys.get('apps_path')),
    dependencies: dependenciesOf(tokens),
    keys: new Set(tokens.flatMap(({ kind, text: name }) => (kind === 'key' && name !== null ? [name] : []))),
    hasApplication: keys.get('mod')?.text === '{',
    isPackage: keys.has('package'),
    isEscript: keys.has('escript'),
  };
}

/** `@version "1.0"`: module attributes that are strings. */
function attributesOf(tokens: readonly Token[]): Map<string, Token> {
  const attributes = new Map<string, Token>();
  for (const [at, { kind, text }] of tokens.entries()) {
    const [name, value] = [tokens[at + 1], tokens[at + 2]];
    if (kind !== 'mark' || text !== '@' || name?.kind !== 'word' || name.text === null) continue;
    if (value?.kind === 'string') attributes.set(name.text, value);
  }
  return attributes;
}

/** The first value after each key; of `@name`, what the attribute is. */
function keyed(tokens: readonly Token[], attributes: ReadonlyMap<string, Token>): Map<string, Token> {
  const keys = new Map<string, Token>();
  for (const [at, { kind, text }] of tokens.entries()) {
    if (kind !== 'key' || text === null || keys.has(text)) continue;
    const value = tokens[at + 1];
    const attribute = value?.text === '@' ? attributes.get(tokens[at + 2]?.text ?? '') : undefined;
    if (value !== undefined) keys.set(text, attribute ?? value);
  }
  return keys;
}

function requirement(value: Token | undefined): Mixfile['elixir'] {
  if (value === undefined) return null;
  return { text: value.kind === 'string' ? value.text : null, line: value.line };
}

function stringOf(value: Token | undefined): string | null {
  return value?.kind === 'string' ? value.text : null;
}

/** What may follow a dependency's name: a requirement, or an option of https://hexdocs.pm/mix/Mix.Tasks.Deps.html */
const option =
  /^(git|github|path|in_umbrella|only|runtime|override|app|env|manager|optional|organization|repo|hex|targets|compile|branch|tag|ref|sparse|submodules|system_env|depth|subdir)$/;

/** Tuples that begin with an atom and go on as a dependency does. */
function dependenciesOf(tokens: readonly Token[]): MixDependency[] {
  return tokens.flatMap((token, at) => {
    const [name, comma, next] = [tokens[at + 1], tokens[at + 2], tokens[at + 3]];
    if (token.text !== '{' || name?.kind !== 'atom' || name.text === null || comma?.text !== ',') return [];
    const isOption = next?.kind === 'key' && option.test(next.text ?? '');
    if (next?.kind !== 'string' && !isOption && next?.text !== '@') return [];
    return [{ name: name.text, line: name.line, only: onlyOf(tokens, at + 3) }];
  });
}

/** The atoms after `only:`, within one tuple. */
function onlyOf(tokens: readonly Token[], from: number): string[] | null {
  let depth = 1;
  let only: string[] | null = null;
  for (let at = from; at < tokens.length && at < from + 100; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'mark', text: null };
    if (kind === 'mark' && (text === '{' || text === '[')) depth++;
    else if (kind === 'mark' && (text === '}' || text === ']')) {
      if (--depth === 0) break;
    } else if (kind === 'key') {
      if (only !== null) break;
      if (text === 'only') only = [];
    } else if (kind === 'atom' && only !== null && text !== null) only.push(text);
  }
  return only;
}
