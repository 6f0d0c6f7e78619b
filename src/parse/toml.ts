import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { type ParseResult, tooDeep } from './document.ts';
import { isLarge, lazily } from './lazily.ts';

/** Parses TOML 1.0; dates become `Date` objects, as the parser gives them. */
export function parseToml(text: string): ParseResult {
  try {
    const ast = parseTOML(text);
    const value: unknown = getStaticTOMLValue(ast);
    const kept = isLarge(text) ? null : ast;
    const lines = lazily(text, () => index(kept ?? parseTOML(text)));
    return {
      document: {
        value,
        line(path) {
          for (let length = path.length; length > 0; length--) {
            const line = lines().get(pathKey(path.slice(0, length)));
            if (line !== undefined) return line;
          }
          return null;
        },
      },
    };
  } catch (error) {
    if (error instanceof ParseError) {
      return { problem: { line: error.lineNumber, message: `not valid TOML: ${error.message}` } };
    }
    if (error instanceof RangeError) return { problem: tooDeep };
    throw error;
  }
}

function pathKey(path: readonly (string | number)[]): string {
  return JSON.stringify(path);
}

/** Lines of all tables, keys and array items, by their path. */
function index(ast: AST.TOMLProgram): Map<string, number> {
  const lines = new Map<string, number>();
  const note = (path: readonly (string | number)[], node: { loc: AST.SourceLocation }) => {
    const key = pathKey(path);
    if (!lines.has(key)) lines.set(key, node.loc.start.line);
  };
  const visitValue = (path: (string | number)[], node: AST.TOMLContentNode) => {
    if (node.type === 'TOMLArray') {
      node.elements.forEach((element, at) => {
        note([...path, at], element);
        visitValue([...path, at], element);
      });
    } else if (node.type === 'TOMLInlineTable') {
      for (const pair of node.body) visitPair(path, pair);
    }
  };
  const visitPair = (base: (string | number)[], pair: AST.TOMLKeyValue) => {
    const path = [...base];
    for (const key of pair.key.keys) {
      path.push(key.type === 'TOMLBare' ? key.name : key.value);
      note(path, pair);
    }
    visitValue(path, pair.value);
  };
  for (const node of ast.body[0].body) {
    if (node.type === 'TOMLTable') {
      for (let length = 1; length <= node.resolvedKey.length; length++) {
        note(node.resolvedKey.slice(0, length), node);
      }
      for (const pair of node.body) visitPair([...node.resolvedKey], pair);
    } else {
      visitPair([], node);
    }
  }
  return lines;
}
