/** The part of the Nix language that generated files need, as values. */
import type { NixFragment } from '../fragment.ts';

export type Expression =
  | { kind: 'string'; parts: readonly (string | Expression)[] }
  | { kind: 'lines'; lines: readonly NixFragment[] }
  | { kind: 'name'; name: string }
  | { kind: 'select'; of: Expression; path: readonly string[] }
  | { kind: 'list'; items: readonly Item[] }
  | { kind: 'set'; bindings: readonly Binding[] }
  | { kind: 'call'; callee: Expression; arguments: readonly [Expression, ...Expression[]] }
  | { kind: 'operation'; operator: Operator; operands: readonly [Expression, ...Expression[]] }
  /** Of one parameter by its name, or of a set with these names. */
  | { kind: 'lambda'; parameter: string | readonly string[]; body: Expression }
  | { kind: 'let'; bindings: readonly Binding[]; body: Expression };

export type Operator = '++' | '//' | '+' | '==' | '!=' | '||';

export interface Item {
  value: Expression;
  /** Comment at the end of the line. */
  note?: string | undefined;
}

export type Binding =
  | { kind: 'inherit'; names: readonly string[] }
  | {
      kind: 'assign';
      path: readonly string[];
      value: Expression;
      /** Comment above, one line each. */
      comment?: readonly string[] | undefined;
      /** Leave a line empty above. */
      apart?: boolean | undefined;
    };

/** A text as a string literal. */
export const text = (value: string): Expression => ({ kind: 'string', parts: [value] });

/** A string with interpolations. */
export const interpolation = (parts: readonly (string | Expression)[]): Expression => ({
  kind: 'string',
  parts,
});

/** A `''…''` string: lines of shell that are escaped for it. */
export const lines = (value: readonly NixFragment[]): Expression => ({ kind: 'lines', lines: value });

/** A variable, or a path below one: `name('pkgs', 'lib', 'optionals')`. */
export function name(variable: string, ...path: string[]): Expression {
  const of: Expression = { kind: 'name', name: variable };
  return path.length === 0 ? of : { kind: 'select', of, path };
}

export const list = (items: readonly (Expression | Item)[]): Expression => ({
  kind: 'list',
  items: items.map((item) => ('kind' in item ? { value: item } : item)),
});

export const set = (bindings: readonly Binding[]): Expression => ({ kind: 'set', bindings });

export const call = (callee: Expression, ...args: readonly [Expression, ...Expression[]]): Expression => ({
  kind: 'call',
  callee,
  arguments: args,
});

export const operation = (
  operator: Operator,
  ...operands: readonly [Expression, ...Expression[]]
): Expression => (operands.length === 1 ? operands[0] : { kind: 'operation', operator, operands });

export const lambda = (parameter: string | readonly string[], body: Expression): Expression => ({
  kind: 'lambda',
  parameter,
  body,
});

export const letIn = (bindings: readonly Binding[], body: Expression): Expression =>
  bindings.length === 0 ? body : { kind: 'let', bindings, body };

export const inherit = (...names: string[]): Binding => ({ kind: 'inherit', names });

/** `path = value;` */
export function assign(
  path: string | readonly string[],
  value: Expression,
  extra: { comment?: readonly string[]; apart?: boolean } = {},
): Binding {
  return { kind: 'assign', path: typeof path === 'string' ? [path] : path, value, ...extra };
}
