/** What a gem's specification says without being run: https://guides.rubygems.org/specification-reference/ */
import { argumentsFrom, type GemfileGem } from './gemfile.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface Gemspec {
  name: string | null;
  /** Requirements joined by commas. */
  ruby: { raw: string; line: number } | null;
  dependencies: GemfileGem[];
  /** Lines of what has extensions that are compiled when it is installed. */
  extensions: number | null;
}

const dependencyMethods = new Set(['add_dependency', 'add_runtime_dependency', 'add_development_dependency']);

export function parseGemspec(text: string): Gemspec {
  const spec: Gemspec = { name: null, ruby: null, dependencies: [], extensions: null };
  const tokens = tokensOf(text);
  for (const [at, { kind, text: dot }] of tokens.entries()) {
    if (kind !== 'mark' || dot !== '.') continue;
    const attribute = tokens[at + 1];
    if (attribute?.kind !== 'word') continue;
    if (dependencyMethods.has(attribute.text)) {
      const name = staticStrings(argumentsFrom(tokens, at + 2))[0];
      if (name !== undefined) spec.dependencies.push({ name, line: attribute.line });
      continue;
    }
    if (tokens[at + 2]?.kind !== 'mark' || tokens[at + 2]?.text !== '=') continue;
    const values = staticStrings(argumentsFrom(tokens, at + 3));
    if (attribute.text === 'name') spec.name ??= values[0] ?? null;
    if (attribute.text === 'extensions') spec.extensions ??= attribute.line;
    if (attribute.text === 'required_ruby_version' && values.length > 0) {
      spec.ruby ??= { raw: values.join(', '), line: attribute.line };
    }
  }
  return spec;
}

/** Texts of the strings, up to the first that is put together. */
function staticStrings(tokens: readonly Token[]): string[] {
  const strings = tokens.filter(({ kind }) => kind === 'string');
  const end = strings.findIndex(({ isComputed }) => isComputed === true);
  return (end === -1 ? strings : strings.slice(0, end)).map(({ text }) => text);
}
