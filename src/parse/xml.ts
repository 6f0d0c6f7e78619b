/**
 * The elements of an XML document: names, attributes, text and lines. No entity is expanded and no DTD is read,
 * so that nothing in a file can make it larger than it is; `&amp;` stays as it is written.
 */
import type { ParseProblem } from './document.ts';

export interface XmlElement {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** Its own text, without that of its children, trimmed. */
  text: string;
  /** From 1. */
  line: number;
}

export type XmlResult = { root: XmlElement } | { problem: ParseProblem };

/** More than project files have, less than what would hurt. */
const maxElements = 100_000;
const maxDepth = 200;
const maxTagLength = 8_000;

/** Parses without recursion, in one pass. */
export function parseXml(text: string): XmlResult {
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '', line: 1 };
  const open: XmlElement[] = [top];
  let count = 0;
  let at = 0;
  let line = 1;
  let newline = text.indexOf('\n');
  /** Moves on, counting lines: each is looked for once. */
  const advance = (to: number) => {
    for (; newline !== -1 && newline < to; newline = text.indexOf('\n', newline + 1)) line++;
    at = to;
  };
  const problem = (message: string): XmlResult => ({
    problem: { line, message: `not valid XML: ${message}` },
  });

  while (at < text.length) {
    const start = text.indexOf('<', at);
    const current = open.at(-1) ?? top;
    if (start !== at) current.text += text.slice(at, start === -1 ? text.length : start);
    if (start === -1) break;
    advance(start);
    const skipped = skippedAt(text, start);
    if (skipped !== null) {
      if (skipped.end === -1) return problem(`${skipped.what} without an end`);
      if (skipped.what === 'CDATA') current.text += text.slice(start + 9, skipped.end - 3);
      advance(skipped.end);
      continue;
    }
    const end = endOfTag(text, start);
    if (end === -1) return problem('a tag without an end');
    const tag = text.slice(start + 1, end);
    if (tag.startsWith('/')) {
      const closed = open.length > 1 ? open.pop() : undefined;
      if (closed === undefined || closed.name !== tag.slice(1).trim())
        return problem('an end tag without a start');
      closed.text = closed.text.trim();
    } else {
      if (++count > maxElements || open.length > maxDepth) return problem('too many elements');
      const element = elementOf(tag, line);
      if (element === null) return problem('a tag without a name');
      current.children.push(element);
      if (!tag.endsWith('/')) open.push(element);
    }
    advance(end + 1);
  }
  const root = top.children[0];
  return root === undefined || open.length > 1 ? problem('an element without an end') : { root };
}

/** Comments, processing instructions, CDATA and document types. */
function skippedAt(text: string, start: number): { what: string; end: number } | null {
  const until = (what: string, end: string, from: number) => {
    const found = text.indexOf(end, from);
    return { what, end: found === -1 ? -1 : found + end.length };
  };
  if (text.startsWith('<!--', start)) return until('a comment', '-->', start + 4);
  if (text.startsWith('<![CDATA[', start)) return until('CDATA', ']]>', start + 9);
  if (text.startsWith('<?', start)) return until('an instruction', '?>', start + 2);
  if (!text.startsWith('<!', start)) return null;
  const end = text.indexOf('>', start);
  const isSubset = text.slice(start, end === -1 ? start : end).includes('[');
  return isSubset ? until('a document type', ']>', start) : until('a declaration', '>', start);
}

/** The `>` of a tag: quoted values may hold one. */
function endOfTag(text: string, start: number): number {
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  return -1;
}

function elementOf(tag: string, line: number): XmlElement | null {
  const text = tag.slice(0, maxTagLength);
  const name = /^[\w:.-]+/.exec(text)?.[0];
  if (name === undefined) return null;
  const attributes: Record<string, string> = Object.create(null);
  for (const { groups } of text.matchAll(
    /\s(?<key>[\w:.-]{1,100})\s{0,20}=\s{0,20}(?:"(?<double>[^"]*)"|'(?<single>[^']*)')/g,
  )) {
    if (groups?.key !== undefined) attributes[groups.key] = groups.double ?? groups.single ?? '';
  }
  return { name, attributes, children: [], text: '', line };
}

/** All elements below an element that have this name, in document order, with the names of their ancestors. */
export function descendants(
  root: XmlElement,
  name: string,
): { element: XmlElement; within: readonly string[] }[] {
  const found: { element: XmlElement; within: readonly string[] }[] = [];
  const open: { element: XmlElement; within: readonly string[] }[] = [{ element: root, within: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.element.name === name) found.push(next);
    const within = [...next.within, next.element.name];
    for (const element of next.element.children.toReversed()) open.push({ element, within });
  }
  return found;
}

/** Text of the first child of this name. */
export function childText(element: XmlElement, name: string): string | null {
  return element.children.find((child) => child.name === name)?.text ?? null;
}
