/**
 * go.mod and go.work: one grammar, read leniently. What cannot be understood is passed over, as the go
 * command does with the files of dependencies. https://go.dev/ref/mod#go-mod-file-lexical
 */

export interface GoValue {
  value: string;
  /** From 1. */
  line: number;
}

export interface GoRequire {
  path: string;
  version: string;
  /** Marked `// indirect`: no package of this module imports it. */
  indirect: boolean;
  line: number;
}

export interface GoReplace {
  path: string;
  /** A module path, or a folder where it begins with `./`, `../` or `/`. */
  by: string;
  line: number;
}

export interface GoFile {
  module: GoValue | null;
  go: GoValue | null;
  toolchain: GoValue | null;
  requires: GoRequire[];
  replaces: GoReplace[];
  /** Folders of a workspace, as written. */
  uses: GoValue[];
  /** Import paths of `tool` directives (Go 1.24). */
  tools: GoValue[];
}

/** Reads the directives of a go.mod or go.work file. */
export function parseGoFile(text: string): GoFile {
  const file: GoFile = {
    module: null,
    go: null,
    toolchain: null,
    requires: [],
    replaces: [],
    uses: [],
    tools: [],
  };
  let block: string | null = null;
  let number = 0;
  for (const line of text.split('\n')) {
    number++;
    const { words, comment } = lex(line);
    const [first, second] = words;
    if (first === undefined) continue;
    if (block !== null) {
      if (first === ')') block = null;
      else apply(file, block, words, comment, number);
    } else if (second === '(') {
      block = words.includes(')') ? null : first;
    } else {
      apply(file, first, words.slice(1), comment, number);
    }
  }
  return file;
}

function apply(file: GoFile, verb: string, words: string[], comment: string, line: number): void {
  const [first, second] = words;
  if (first === undefined) return;
  const value = { value: first, line };
  if (verb === 'module') file.module ??= value;
  else if (verb === 'go') file.go ??= value;
  else if (verb === 'toolchain') file.toolchain ??= value;
  else if (verb === 'use') file.uses.push(value);
  else if (verb === 'tool') file.tools.push(value);
  else if (verb === 'require' && second !== undefined) {
    file.requires.push({ path: first, version: second, indirect: isIndirect(comment), line });
  } else if (verb === 'replace') {
    const by = words[words.indexOf('=>') + 1];
    if (words.includes('=>') && by !== undefined) file.replaces.push({ path: first, by, line });
  }
}

/** `// indirect`, alone or followed by other words after a semicolon. */
function isIndirect(comment: string): boolean {
  return /^\/\/\s*indirect\s*(;|$)/.test(comment);
}

/** Words of one line; strings are unquoted, a comment ends it. */
function lex(line: string): { words: string[]; comment: string } {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line.charAt(at);
    if (/\s/.test(char)) {
      at++;
    } else if (line.startsWith('//', at)) {
      return { words, comment: line.slice(at).trim() };
    } else if (line.startsWith('=>', at)) {
      words.push('=>');
      at += 2;
    } else if ('(),[]'.includes(char)) {
      words.push(char);
      at++;
    } else {
      const [word, end] = char === '"' || char === '`' ? quoted(line, at) : bare(line, at);
      words.push(word);
      at = end;
    }
  }
  return { words, comment: '' };
}

/** A string; one that is not closed reaches to the end of the line. */
function quoted(line: string, start: number): [string, number] {
  const quote = line.charAt(start);
  let word = '';
  for (let at = start + 1; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === quote) return [word, at + 1];
    if (quote === '"' && char === '\\' && at + 1 < line.length) at++;
    word += line.charAt(at);
  }
  return [word.trimEnd(), line.length];
}

const wordEnd = /[\s()[\],"`]|\/\/|=>/g;

function bare(line: string, start: number): [string, number] {
  wordEnd.lastIndex = start;
  const end = wordEnd.exec(line)?.index ?? line.length;
  return [line.slice(start, end), end];
}
