/** The smallest pieces of Nix: https://nix.dev/manual/nix/stable/language/string-literals */
import { ExitCode, NidifyError } from '../../errors.ts';
import { printable } from '../text.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '${': '\\${',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * Text between the quotes of a `"…"` string. Six replacements are enough: everything else is literal,
 * `$$`, `''` and U+2028 included.
 *
 * @throws NidifyError `unprintable-value`
 */
export function stringText(text: string): string {
  return printable(text).replace(/[\\"\n\r\t]|\$\{/g, (found) => escapes[found] ?? found);
}

/** A whole string literal. */
export function stringLiteral(text: string): string {
  return `"${stringText(text)}"`;
}

/** Words that are no identifiers. `or` is allowed as an attribute name but reads badly: it is quoted too. */
const keywords = new Set(['assert', 'else', 'if', 'in', 'inherit', 'let', 'or', 'rec', 'then', 'with']);
const identifier = /^[A-Za-z_][A-Za-z0-9_'-]*$/;

/** Whether a name can stand for itself, as a variable or as an attribute. */
export function isIdentifier(name: string): boolean {
  return identifier.test(name) && !keywords.has(name);
}

/** The name of an attribute, quoted where it must be. */
export function attributeName(name: string): string {
  return isIdentifier(name) ? name : stringLiteral(name);
}

/** One component of an attribute path of nixpkgs; a digit may come first: `"7zz"`. */
const component = /^[A-Za-z0-9_][A-Za-z0-9_'-]*$/;

/**
 * The components of a dotted attribute path such as `libpq.pg_config`.
 *
 * @throws NidifyError `attribute-invalid` (exit 3) when it is none
 */
export function attributePath(path: string): string[] {
  const components = path.split('.');
  if (components.every((name) => component.test(name))) return components;
  throw new NidifyError({
    code: 'attribute-invalid',
    message: `${JSON.stringify(path.slice(0, 80))} is no attribute path of nixpkgs`,
    hint: 'An attribute path looks like "jq" or "libpq.pg_config".',
    exitCode: ExitCode.unserved,
  });
}
