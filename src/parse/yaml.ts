import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { type ParseResult, tooDeep } from './document.ts';
import { isLarge, lazily } from './lazily.ts';

/** Aliases may multiply a small file into gigabytes: this many expansions are more than real files have. */
const maxAliasCount = 100;

/** Parses the first document of a YAML 1.2 file (core schema, merge keys, string keys). */
export function parseYaml(text: string): ParseResult {
  try {
    const syntax = syntaxOf(text);
    const { tree } = syntax;
    const error = tree.errors[0];
    if (error !== undefined && error.code !== 'MULTIPLE_DOCS') {
      if (/call stack/i.test(error.message)) return { problem: tooDeep };
      return { problem: { line: syntax.lineAt(error.pos[0]), message: `not valid YAML: ${error.message}` } };
    }
    const repeated = repeatedKey(tree);
    if (repeated !== null) {
      return {
        problem: { line: lineOf(repeated, syntax), message: 'not valid YAML: Map keys must be unique' },
      };
    }
    const value: unknown = tree.toJS({ maxAliasCount });
    const kept = isLarge(text) ? null : syntax;
    const again = lazily(text, () => kept ?? syntaxOf(text));
    return { document: { value, line: (path) => lineOfPath(path, again()) } };
  } catch (error) {
    if (error instanceof RangeError) return { problem: tooDeep };
    if (error instanceof ReferenceError) return { problem: { line: null, message: 'too many YAML aliases' } };
    throw error;
  }
}

interface Syntax {
  tree: Document.Parsed;
  /** From 1. */
  lineAt(offset: number): number;
  /** Children by key, of the maps that were looked into. */
  children: WeakMap<Node, Map<string, Child>>;
}

function syntaxOf(text: string): Syntax {
  const counter = new LineCounter();
  const tree = parseDocument(text, {
    lineCounter: counter,
    merge: true,
    logLevel: 'silent',
    prettyErrors: false,
    // The parser's own test compares every key with every other one.
    uniqueKeys: false,
  });
  return { tree, lineAt: (offset) => counter.linePos(offset).line, children: new WeakMap() };
}

function lineOf(node: Node, { lineAt }: Syntax): number | null {
  return node.range ? lineAt(node.range[0]) : null;
}

function lineOfPath(path: readonly (string | number)[], syntax: Syntax): number | null {
  let found: number | null = null;
  let at: unknown = syntax.tree.contents;
  for (const step of path) {
    if (!isCollection(at)) break;
    const item = childOf(at, step, syntax.children);
    if (item === null) break;
    found = lineOf(item.place, syntax) ?? found;
    at = item.value;
  }
  return found;
}

/** The first key that its map has already; merge keys (`<<`) may come again. */
function repeatedKey(tree: Document): Scalar | null {
  let found: Scalar | null = null;
  visit(tree, {
    Map(_, map) {
      const keys = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        if (keys.has(key.value)) {
          found = key;
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

interface Child {
  place: Node;
  value: unknown;
}

function childOf(
  collection: Node,
  step: string | number,
  known: WeakMap<Node, Map<string, Child>>,
): Child | null {
  if (isMap(collection)) {
    let entries = known.get(collection);
    if (entries === undefined) {
      entries = entriesOf(collection);
      known.set(collection, entries);
    }
    return entries.get(String(step)) ?? null;
  }
  const item = isSeq(collection) && typeof step === 'number' ? collection.items[step] : null;
  return isNode(item) ? { place: item, value: item } : null;
}

function entriesOf(map: YAMLMap): Map<string, Child> {
  const entries = new Map<string, Child>();
  for (const pair of map.items) {
    if (isPair(pair) && isNode(pair.key))
      entries.set(String(pair.key), { place: pair.key, value: pair.value });
  }
  return entries;
}
