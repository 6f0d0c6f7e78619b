import { isCollection, isMap, isNode, isPair, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type ParseResult, tooDeep } from './document.ts';

/** Aliases may multiply a small file into gigabytes: this many expansions are more than real files have. */
const maxAliasCount = 100;

/** Parses the first document of a YAML 1.2 file (core schema, merge keys, string keys). */
export function parseYaml(text: string): ParseResult {
  try {
    const counter = new LineCounter();
    const tree = parseDocument(text, {
      lineCounter: counter,
      merge: true,
      logLevel: 'silent',
      prettyErrors: false,
    });
    const error = tree.errors[0];
    if (error !== undefined && error.code !== 'MULTIPLE_DOCS') {
      return {
        problem: { line: counter.linePos(error.pos[0]).line, message: `not valid YAML: ${error.message}` },
      };
    }
    const value: unknown = tree.toJS({ maxAliasCount });
    const lineOf = (node: Node) => (node.range ? counter.linePos(node.range[0]).line : null);
    return {
      document: {
        value,
        line(path) {
          let found: number | null = null;
          let at: unknown = tree.contents;
          for (const step of path) {
            if (!isCollection(at)) break;
            const item = childOf(at, step);
            if (item === null) break;
            found = lineOf(item.place) ?? found;
            at = item.value;
          }
          return found;
        },
      },
    };
  } catch (error) {
    if (error instanceof RangeError) return { problem: tooDeep };
    if (error instanceof ReferenceError) return { problem: { line: null, message: 'too many YAML aliases' } };
    throw error;
  }
}

function childOf(collection: Node, step: string | number): { place: Node; value: unknown } | null {
  if (isMap(collection)) {
    for (const pair of collection.items) {
      if (isPair(pair) && isNode(pair.key) && String(pair.key) === String(step)) {
        return { place: pair.key, value: pair.value };
      }
    }
  } else if (isSeq(collection) && typeof step === 'number') {
    const item = collection.items[step];
    if (isNode(item)) return { place: item, value: item };
  }
  return null;
}
