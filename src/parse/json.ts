import { type Node, type ParseError, parse, parseTree, printParseErrorCode } from 'jsonc-parser';
import { lineAt, lineTable } from '../text/lines.ts';
import { type ParsedDocument, type ParseResult, tooDeep } from './document.ts';
import { lazily } from './lazily.ts';

/**
 * Parses JSON, or JSON with comments and trailing commas.
 *
 * Strict JSON goes through `JSON.parse`, which is fast and does not recurse; the tree with positions is
 * made only when a line is asked for.
 */
export function parseJson(text: string, options: { comments?: boolean } = {}): ParseResult {
  try {
    return { document: document(JSON.parse(text), text) };
  } catch {
    return options.comments === true ? parseLenient(text) : strictProblem(text);
  }
}

function parseLenient(text: string): ParseResult {
  try {
    const errors: ParseError[] = [];
    const value: unknown = parse(text, errors, { allowTrailingComma: true });
    const first = errors[0];
    if (first !== undefined || value === undefined) return { problem: problem(text, first) };
    return { document: document(value, text) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: tooDeep };
    throw error;
  }
}

/** `JSON.parse` tells no position that could be relied upon: the tolerant parser finds the place. */
function strictProblem(text: string): ParseResult {
  try {
    const errors: ParseError[] = [];
    parse(text, errors, { disallowComments: true, allowEmptyContent: false });
    return { problem: problem(text, errors[0]) };
  } catch (error) {
    if (error instanceof RangeError) return { problem: tooDeep };
    throw error;
  }
}

function problem(text: string, error: ParseError | undefined) {
  if (error === undefined) return { line: null, message: 'not valid JSON' };
  const words = printParseErrorCode(error.error).replace(/([a-z])([A-Z])/g, '$1 $2');
  return { line: lineAt(text, error.offset), message: `not valid JSON: ${words.toLowerCase()}` };
}

/** The tree that tells lines takes thirty times the memory of its text: no line is told of a large lock file. */
const maxTreeLength = 4 * 1024 * 1024;

function document(value: unknown, text: string): ParsedDocument {
  const positions = lazily(text, () => ({ tree: tolerantTree(text), lineOf: lineTable(text) }));
  return {
    value,
    line(path) {
      if (text.length > maxTreeLength) return null;
      const { tree, lineOf } = positions();
      if (tree === null) return null;
      for (let length = path.length; length > 0; length--) {
        const node = nodeAt(tree, path.slice(0, length));
        if (node !== undefined) return lineOf((keyOf(node) ?? node).offset);
      }
      return lineOf(tree.offset);
    },
  };
}

function tolerantTree(text: string): Node | null {
  try {
    return parseTree(text, [], { allowTrailingComma: true }) ?? null;
  } catch {
    // Too deep.
    return null;
  }
}

/** What lies at a path; keys of an object are looked up, not searched for: each of them may be asked for. */
function nodeAt(tree: Node, path: readonly (string | number)[]): Node | undefined {
  let node: Node | undefined = tree;
  for (const step of path) {
    if (typeof step === 'number') node = node.type === 'array' ? node.children?.[step] : undefined;
    else node = node.type === 'object' ? membersOf(node).get(step) : undefined;
    if (node === undefined) return undefined;
  }
  return node;
}

const members = new WeakMap<Node, ReadonlyMap<string, Node>>();

/** Values by their keys; of a key that stands twice, the first. */
function membersOf(object: Node): ReadonlyMap<string, Node> {
  let known = members.get(object);
  if (known === undefined) {
    const found = new Map<string, Node>();
    for (const { children: [key, value] = [] } of object.children ?? []) {
      if (key !== undefined && value !== undefined && !found.has(key.value)) found.set(key.value, value);
    }
    known = found;
    members.set(object, known);
  }
  return known;
}

/** The key of a property, whose line is the one that a reader looks for. */
function keyOf(node: Node): Node | undefined {
  return node.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
}
