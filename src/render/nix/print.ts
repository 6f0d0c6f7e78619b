/**
 * Prints Nix as the official formatter would (nixfmt 1.x, https://github.com/NixOS/rfcs/pull/166): 100
 * columns without the indentation, a set or a list with more than one element on several lines, operators
 * at the start of a line.
 */
import { print as brand, type NixFragment } from '../fragment.ts';
import { oneLine } from '../text.ts';
import type { Binding, Expression, Item, Operator } from './expression.ts';
import { attributeName, isIdentifier, stringText } from './literal.ts';

const width = 100;

type Call = Extract<Expression, { kind: 'call' }>;

/** Where the next character goes. */
interface Place {
  /** Spaces at the start of this line. */
  indent: number;
  /** Characters on this line, without the indentation. */
  used: number;
  /** Characters that must fit behind, on the last line: `;`. */
  tail: number;
}

/**
 * An expression as a fragment: as the value of a binding when `bound`, else on its own.
 *
 * @param indent spaces before the line that the layout puts it on
 * @param used characters of the layout on that line before it (without the space before a bound value)
 */
export function printNix(
  expression: Expression,
  { indent = 0, used = 0, bound = false }: { indent?: number; used?: number; bound?: boolean } = {},
): NixFragment {
  const text = bound
    ? boundValue(expression, { indent, used, tail: 1 })
    : any(expression, { indent, used, tail: 0 });
  return brand('nix', text);
}

/** Comment lines, each on its own line at this indentation; the first without it. */
export function printComment(lines: readonly string[], indent = 0): NixFragment {
  return brand('nix', commentLines(lines).join(`\n${' '.repeat(indent)}`));
}

/** Parameters of a function, as `{ a, b ? c, ... }`; those with a default have one line each. */
export function printParameters(
  parameters: readonly { name: string; default?: Expression }[],
  { indent = 0, ellipsis = false }: { indent?: number; ellipsis?: boolean } = {},
): NixFragment {
  const all = parameters.map((parameter) => {
    const name = variable(parameter.name);
    if (parameter.default === undefined) return name;
    return `${name} ?${boundValue(parameter.default, { indent: indent + 2, used: name.length + 2, tail: 1 })}`;
  });
  if (ellipsis) all.push('...');
  const short = parameters.length <= 2 && parameters.every((each) => each.default === undefined);
  if (short) return brand('nix', `{ ${all.join(', ')} }`);
  const start = `\n${' '.repeat(indent + 2)}`;
  const rows = all.map((text) => `${start}${text}${text === '...' ? '' : ','}`);
  return brand('nix', `{${rows.join('')}\n${' '.repeat(indent)}}`);
}

/** A binding that the layout puts on a line of its own, with its semicolon. */
export function printBinding(binding: Binding, indent: number): NixFragment {
  return brand('nix', rows([binding], indent).trimStart());
}

/** `${…}`: an expression in a string. */
export function printInterpolation(expression: Expression): NixFragment {
  return brand('nix', interpolated(expression));
}

/** The text of a string, without its quotes; for `''…''` strings only where both are the same. */
export function printStringText(text: string): NixFragment {
  if (!/^[A-Za-z0-9_./-]+$/.test(text)) throw new TypeError(`${JSON.stringify(text)} would need escapes`);
  return brand('nix', text);
}

/** The name that a binding gives. */
export function printName(path: readonly string[]): NixFragment {
  return brand('nix', path.map(attributeName).join('.'));
}

function commentLines(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const text = oneLine(line, 400);
    const lead = /^ */.exec(line)?.[0] ?? '';
    return text === '' ? '#' : `# ${lead}${text}`;
  });
}

/** The expression on one line; null where it has to take several. */
function flat(expression: Expression, argument = false): string | null {
  switch (expression.kind) {
    case 'string':
      return stringOf(expression.parts);
    case 'name':
      return variable(expression.name);
    case 'select':
      return `${flatTerm(expression.of)}.${expression.path.map(attributeName).join('.')}`;
    case 'list':
      return flatList(expression.items, argument);
    case 'set':
      return flatSet(expression.bindings);
    case 'call': {
      const last = expression.arguments.length - 1;
      const parts = expression.arguments.map((each, index) => flatTerm(each, index < last));
      const callee = flatTerm(expression.callee);
      return callee === null || parts.includes(null) ? null : [callee, ...parts].join(' ');
    }
    case 'operation': {
      const { operator } = expression;
      const operands = expression.operands.map((each) => flatOperand(each, operator));
      return operands.includes(null) ? null : operands.join(` ${operator} `);
    }
    case 'lambda': {
      const body = flat(expression.body);
      return body === null ? null : `${parameterOf(expression.parameter)}: ${body}`;
    }
    case 'lines':
    case 'let':
      return null;
  }
}

/** Lists of up to four simple values may stay on one line before a last argument, and only there. */
function flatList(items: readonly Item[], argument: boolean): string | null {
  if (items.length === 0) return '[ ]';
  if (items.some((item) => item.note !== undefined)) return null;
  if (items.length > (argument ? 4 : 1)) return null;
  const values = items.map((item) => flatTerm(item.value));
  return values.includes(null) ? null : `[ ${values.join(' ')} ]`;
}

function flatSet(bindings: readonly Binding[]): string | null {
  const [only, more] = bindings;
  if (only === undefined) return '{ }';
  if (more !== undefined) return null;
  if (only.kind === 'inherit') return only.names.length < 4 ? `{ ${inheritance(only.names)} }` : null;
  const value = only.comment === undefined ? flat(only.value) : null;
  return value === null ? null : `{ ${only.path.map(attributeName).join('.')} = ${value}; }`;
}

function flatTerm(expression: Expression, argument = false): string | null {
  const text = flat(expression, argument);
  return text !== null && needsParentheses(expression) ? `(${text})` : text;
}

function flatOperand(expression: Expression, operator: Operator): string | null {
  return bindsTighter(expression, operator) ? flat(expression) : flatTerm(expression);
}

/** https://nix.dev/manual/nix/stable/language/operators#precedence */
function bindsTighter(expression: Expression, operator: Operator): boolean {
  if (expression.kind === 'call') return true;
  return operator === '||' && expression.kind === 'operation' && ['==', '!='].includes(expression.operator);
}

function needsParentheses({ kind }: Expression): boolean {
  return kind === 'call' || kind === 'operation' || kind === 'lambda' || kind === 'let';
}

function fits(text: string | null, { used, tail }: Place): text is string {
  return text !== null && used + lengthOf(text) + tail <= width;
}

const lengthOf = (text: string): number => [...text].length;

/** On one line where that is possible, else on several. */
function any(expression: Expression, place: Place): string {
  const text = flat(expression);
  return fits(text, place) ? text : broken(expression, place);
}

function broken(expression: Expression, place: Place): string {
  const { indent } = place;
  const start = `\n${' '.repeat(indent)}`;
  switch (expression.kind) {
    case 'list': {
      const items = expression.items.map(({ value, note }) => {
        const text = term(value, { indent: indent + 2, used: 0, tail: 0 });
        return `${start}  ${text}${note === undefined ? '' : ` # ${oneLine(note)}`}`;
      });
      return `[${items.join('')}${start}]`;
    }
    case 'set':
      return `{${rows(expression.bindings, indent + 2)}${start}}`;
    case 'let': {
      const body = any(expression.body, { indent, used: 0, tail: place.tail });
      return `let${rows(expression.bindings, indent + 2)}${start}in${start}${body}`;
    }
    case 'lines':
      return `''${expression.lines.map((each) => row(each, indent + 2)).join('')}${start}''`;
    case 'call':
      return brokenCall(expression, place);
    case 'operation': {
      const { operator, operands } = expression;
      const [first, ...others] = operands;
      const head = isAbsorbed(first) ? broken(first, place) : operand(first, operator, place);
      const rest = { indent, used: operator.length + 1, tail: place.tail };
      return [head, ...others.map((each) => `${operator} ${operand(each, operator, rest)}`)].join(start);
    }
    case 'lambda':
      return `${parameterOf(expression.parameter)}:${start}${any(expression.body, { indent, used: 0, tail: place.tail })}`;
    default:
      return flat(expression) ?? '';
  }
}

/** Each argument on a line of its own, unless the last can open on the line of the function. */
function brokenCall(expression: Call, place: Place): string {
  const opened = openedCall(expression, place);
  if (opened !== null) return opened;
  const inner = { indent: place.indent + 2, used: 0, tail: 0 };
  const parts = expression.arguments.map((each) => `\n${' '.repeat(inner.indent)}${term(each, inner)}`);
  return `${term(expression.callee, place)}${parts.join('')}`;
}

/** A call whose last argument opens on its line; null where that cannot be. */
function openedCall({ callee, arguments: args }: Call, place: Place): string | null {
  const last = args.at(-1);
  if (last === undefined || !(isAbsorbed(last) || needsParentheses(last))) return null;
  const head = [flatTerm(callee), ...args.slice(0, -1).map((each) => flatTerm(each, true))];
  const start = head.join(' ');
  const used = place.used + lengthOf(start) + 1;
  return head.includes(null) || used >= width ? null : `${start} ${term(last, { ...place, used })}`;
}

/** What may start on a line and go on below. */
function isAbsorbed(expression: Expression): boolean {
  if (expression.kind === 'set') return expression.bindings.length > 0;
  if (expression.kind === 'list') return expression.items.length > 0;
  return expression.kind === 'lines';
}

/** As an argument or an item: in parentheses where it needs them. */
function term(expression: Expression, place: Place): string {
  if (!needsParentheses(expression)) return any(expression, place);
  const text = flat(expression);
  if (fits(text, { ...place, tail: place.tail + 2 })) return `(${text})`;
  const inner = { indent: place.indent + 2, used: 0, tail: 0 };
  return `(\n${' '.repeat(inner.indent)}${any(expression, inner)}\n${' '.repeat(place.indent)})`;
}

function operand(expression: Expression, operator: Operator, place: Place): string {
  return bindsTighter(expression, operator) ? any(expression, place) : term(expression, place);
}

/** Bindings of a set or a `let`, each on lines of its own. */
function rows(bindings: readonly Binding[], indent: number): string {
  const start = `\n${' '.repeat(indent)}`;
  return bindings
    .map((binding) => {
      if (binding.kind === 'inherit') return `${start}${inheritance(binding.names, indent)}`;
      const above = commentLines(binding.comment ?? []).map((line) => `${start}${line}`);
      const path = binding.path.map(attributeName).join('.');
      const value = boundValue(binding.value, { indent, used: lengthOf(path) + 2, tail: 1 });
      return `${binding.apart === true ? '\n' : ''}${above.join('')}${start}${path} =${value};`;
    })
    .join('');
}

/** What follows `=`, with the space or the line break before it. */
function boundValue(expression: Expression, place: Place): string {
  const here = { ...place, used: place.used + 1 };
  const text = flat(expression);
  const wide = expression.kind === 'set' && !['inherit', undefined].includes(expression.bindings[0]?.kind);
  if (!wide && fits(text, here)) return ` ${text}`;
  if (opensHere(expression, here)) return ` ${broken(expression, here)}`;
  const below = { indent: place.indent + 2, used: 0, tail: place.tail };
  return `\n${' '.repeat(below.indent)}${any(expression, below)}`;
}

function opensHere(expression: Expression, place: Place): boolean {
  if (isAbsorbed(expression) || expression.kind === 'string') return true;
  if (expression.kind === 'operation') return isAbsorbed(expression.operands[0]);
  return expression.kind === 'call' && openedCall(expression, place) !== null;
}

/** More than three names have a line each. */
function inheritance(names: readonly string[], indent = 0): string {
  if (names.length < 4) return `inherit ${names.map(variable).join(' ')};`;
  const start = `\n${' '.repeat(indent + 2)}`;
  return `inherit${names.map((each) => `${start}${variable(each)}`).join('')}${start};`;
}

function parameterOf(parameter: string | readonly string[]): string {
  return typeof parameter === 'string' ? variable(parameter) : `{ ${parameter.map(variable).join(', ')} }`;
}

function variable(name: string): string {
  if (!isIdentifier(name)) throw new TypeError(`${JSON.stringify(name)} is no variable of Nix`);
  return name;
}

/** Text next to text is one text, so that no `$` and `{` meet unescaped. */
function joined(parts: readonly (string | Expression)[]): (string | Expression)[] {
  const result: (string | Expression)[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === 'string' && typeof last === 'string') result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

function stringOf(parts: readonly (string | Expression)[]): string {
  const all = joined(parts);
  const texts = all.map((part, index) => {
    if (typeof part !== 'string') return interpolated(part);
    const text = stringText(part);
    // `$${` would be no interpolation.
    return index < all.length - 1 && part.endsWith('$') ? `${text.slice(0, -1)}\\$` : text;
  });
  return `"${texts.join('')}"`;
}

function interpolated(expression: Expression): string {
  if (expression.kind !== 'name' && expression.kind !== 'select') {
    throw new TypeError('only names are interpolated');
  }
  return `\${${flat(expression)}}`;
}

/** Lines of a `''…''` string, which Nix strips of what they are indented by. */
function row(fragment: NixFragment, indent: number): string {
  const lines = fragment.toString().split('\n');
  return lines.map((line) => (line === '' ? '\n' : `\n${' '.repeat(indent)}${line}`)).join('');
}
