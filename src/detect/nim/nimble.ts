/** *.nimble, a script in Nim: https://nim-lang.github.io/nimble/create-packages.html */

export interface NimbleRequirement {
  name: string;
  /** As written after the name: `>= 1.6.0`. */
  constraint: string;
  /** From 1. */
  line: number;
}

export interface NimblePackage {
  requires: NimbleRequirement[];
  /** Names of programs, as paths from the folder of the sources. */
  programs: string[];
  /** Folder that programs are put into. */
  programFolder: string;
  tasks: string[];
}

const piece =
  /#\[[\s\S]*?(?:\]#|$)|#[^\n]*|"""[\s\S]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|[A-Za-z_]\w*|[@[\](),:=]|\n/g;

/** Reads what stands at the top: of conditions it is taken that they hold. */
export function parseNimble(text: string): NimblePackage {
  const found: NimblePackage = { requires: [], programs: [], programFolder: '.', tasks: [] };
  let line = 1;
  let verb = '';
  let depth = 0;
  let isFirst = true;
  for (const [token] of text.matchAll(piece)) {
    if (token === '\n') {
      line++;
      isFirst = true;
      continue;
    }
    if (token.startsWith('#')) {
      line += token.split('\n').length - 1;
      continue;
    }
    if (token === '[' || token === '(') depth++;
    else if (token === ']' || token === ')') depth = Math.max(0, depth - 1);
    else if (token.startsWith('"')) {
      apply(found, verb, token.replace(/^("""|")|("""|")$/g, ''), line);
      line += token.split('\n').length - 1;
    } else if (/^\w/.test(token)) {
      if (isFirst && depth === 0) verb = token;
      else if (verb === 'task' && depth === 0) {
        found.tasks.push(token);
        verb = '';
      }
    }
    isFirst = false;
  }
  return found;
}

function apply(found: NimblePackage, verb: string, text: string, line: number): void {
  if (verb === 'requires') {
    for (const entry of text.split(',')) {
      const { name, constraint = '' } =
        /^\s*(?<name>[A-Za-z][\w./:@-]*)\s*(?<constraint>[^\n]*?)\s*$/.exec(entry.slice(0, 500))?.groups ??
        {};
      if (name !== undefined) found.requires.push({ name, constraint, line });
    }
  } else if (verb === 'bin') found.programs.push(text);
  else if (verb === 'namedBin') found.programs.push(text);
  else if (verb === 'binDir') found.programFolder = text;
}
