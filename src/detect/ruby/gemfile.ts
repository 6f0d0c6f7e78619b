/** What a Gemfile says, as far as it can be read without running it: https://bundler.io/man/gemfile.5.html */
import { nameOf } from '../shared/tree.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface GemfileGem {
  name: string;
  line: number;
}

export interface RubyDirective {
  line: number;
  /** Requirements joined by commas; null where they are computed. */
  raw: string | null;
  /** The file that holds the version, from the Gemfile's folder. */
  file: string | null;
  /** Another implementation than MRI, with its version: `jruby-9.4.10.0`. */
  engine: string | null;
}

export interface Gemfile {
  ruby: RubyDirective | null;
  gems: GemfileGem[];
  /** Line of `gemspec`: the dependencies are those of the specification beside it. */
  gemspec: number | null;
  /** Lines that name gems in a way that only running them tells. */
  computed: number[];
}

const versionFiles = new Set(['.ruby-version', '.tool-versions', 'mise.toml', '.mise.toml']);

export function parseGemfile(text: string): Gemfile {
  const gemfile: Gemfile = { ruby: null, gems: [], gemspec: null, computed: [] };
  for (const { word, line, args } of callsIn(tokensOf(text), ['gem', 'ruby', 'gemspec', 'eval_gemfile'])) {
    const [first] = args;
    if (word === 'gem') {
      if (first?.kind === 'string' && first.isComputed !== true)
        gemfile.gems.push({ name: first.text, line });
      else gemfile.computed.push(line);
    } else if (word === 'ruby') gemfile.ruby ??= directiveOf(line, args);
    else if (word === 'gemspec') gemfile.gemspec ??= line;
    else gemfile.computed.push(line);
  }
  return gemfile;
}

function directiveOf(line: number, args: readonly Token[]): RubyDirective {
  const option = (name: string): Token | undefined => {
    const at = args.findIndex(({ kind, text }) => (kind === 'label' || kind === 'symbol') && text === name);
    if (at === -1) return undefined;
    return args[at + 1]?.text === '=>' ? args[at + 2] : args[at + 1];
  };
  const named = option('file');
  const isRead = args.some(({ kind, text }) => kind === 'word' && (text === 'File' || text === 'IO'));
  const read = isRead
    ? args.find(
        ({ kind, text, isComputed }) =>
          kind === 'string' && isComputed !== true && versionFiles.has(nameOf(text)),
      )
    : undefined;
  const file = named?.kind === 'string' && named.isComputed !== true ? named.text : (read?.text ?? null);
  const engineName = option('engine')?.text ?? 'ruby';
  const engineVersion = option('engine_version')?.text;
  const engine =
    engineName === 'ruby' || engineVersion === undefined ? null : `${engineName}-${engineVersion}`;
  if (file !== null) return { line, raw: null, file: nameOf(file) === file ? file : nameOf(file), engine };
  const end = args.findIndex(({ kind, text }) => kind === 'label' || kind === 'symbol' || text === '=>');
  const own = (end === -1 ? args : args.slice(0, end)).filter(
    ({ kind, text }) => kind !== 'mark' || !['(', ')', '[', ']', ','].includes(text),
  );
  const isStatic =
    own.length > 0 && own.every(({ kind, isComputed }) => kind === 'string' && isComputed !== true);
  return { line, raw: isStatic ? own.map(({ text }) => text).join(', ') : null, file: null, engine };
}

interface Call {
  word: string;
  line: number;
  args: Token[];
}

/** Words before which a statement ends. */
const modifiers = new Set(['if', 'unless', 'do', 'while', 'until', 'rescue', 'else', 'elsif', 'end']);
const openers = new Set(['do', 'then', 'else', 'begin']);

/** Calls of these methods where a statement begins, with the tokens of their arguments. */
export function callsIn(tokens: readonly Token[], words: readonly string[]): Call[] {
  const wanted = new Set(words);
  const calls: Call[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind !== 'word' || !wanted.has(token.text) || !begins(tokens[at - 1])) continue;
    const args = argumentsFrom(tokens, at + 1);
    if (args[0]?.kind === 'mark' && !['(', '['].includes(args[0].text)) continue;
    const isCalled = args[0]?.text === '(' && args[0].kind === 'mark';
    calls.push({ word: token.text, line: token.line, args: isCalled ? args.slice(1) : args });
    at += args.length;
  }
  return calls;
}

function begins(before: Token | undefined): boolean {
  if (before === undefined || before.kind === 'end') return true;
  if (before.kind === 'word') return openers.has(before.text);
  return before.kind === 'mark' && ['{', '|'].includes(before.text);
}

/** More than any call has. */
const maxArguments = 200;

/** Up to the end of the statement, or of the block that it stands in. */
export function argumentsFrom(tokens: readonly Token[], from: number): Token[] {
  const args: Token[] = [];
  let depth = 0;
  for (let at = from; args.length < maxArguments; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind === 'mark' && /^[([{]$/.test(token.text)) depth++;
    if (token.kind === 'mark' && /^[)\]}]$/.test(token.text) && --depth < 0) break;
    if (depth <= 0 && token.kind === 'end') break;
    if (depth <= 0 && token.kind === 'word' && modifiers.has(token.text)) break;
    args.push(token);
  }
  return args;
}
