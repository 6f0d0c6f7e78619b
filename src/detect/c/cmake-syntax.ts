/** CMake's language, as far as reading needs it: https://cmake.org/cmake/help/latest/manual/cmake-language.7.html */

export interface CMakeCommand {
  /** In lower case: names of commands are. */
  name: string;
  /** Quotes and brackets taken off; references to variables as written. */
  args: string[];
  /** From 1. */
  line: number;
}

/** Longer arguments are texts, not names. */
const maxArgument = 1000;

const blank = /[ \t\r\n]*/y;
const identifier = /[A-Za-z_]\w*/y;
const bracketOpen = /\[(=*)\[/y;
const unquoted = /(?:[^\s()#"\\]|\\[\s\S])+/y;
const quoted = /"((?:[^"\\]|\\[\s\S])*)"?/y;

/** The commands of a file, in order; what is no command is passed over. */
export function cmakeCommands(text: string): CMakeCommand[] {
  const commands: CMakeCommand[] = [];
  const lineAt = lineCounter(text);
  let at = 0;
  while (at < text.length) {
    at = skipBlank(text, at);
    identifier.lastIndex = at;
    const name = identifier.exec(text)?.[0];
    if (name === undefined) {
      at++;
      continue;
    }
    const open = skipBlank(text, at + name.length);
    if (text[open] !== '(') {
      at = Math.max(open, at + name.length);
      continue;
    }
    const { args, end } = argumentsAt(text, open + 1);
    commands.push({ name: name.toLowerCase(), args, line: lineAt(at) });
    at = end;
  }
  return commands;
}

/** Arguments up to the parenthesis that closes; inner parentheses are arguments of their own. */
function argumentsAt(text: string, start: number): { args: string[]; end: number } {
  const args: string[] = [];
  let depth = 1;
  let at = start;
  while (at < text.length) {
    at = skipBlank(text, at);
    const char = text[at];
    if (char === undefined) break;
    if (char === '(') {
      depth++;
      args.push('(');
      at++;
    } else if (char === ')') {
      depth--;
      at++;
      if (depth === 0) return { args, end: at };
      args.push(')');
    } else {
      const [argument, end] = argumentAt(text, at);
      args.push(argument.slice(0, maxArgument));
      at = Math.max(end, at + 1);
    }
  }
  return { args, end: at };
}

function argumentAt(text: string, at: number): [string, number] {
  const bracket = bracketAt(text, at);
  if (bracket !== null) return bracket;
  if (text[at] === '"') {
    quoted.lastIndex = at;
    const [whole = '"', content = ''] = quoted.exec(text) ?? [];
    return [unescaped(content), at + whole.length];
  }
  unquoted.lastIndex = at;
  const word = unquoted.exec(text)?.[0] ?? text.charAt(at);
  return [unescaped(word), at + word.length];
}

function unescaped(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}

/** `[==[ text ]==]`; one that is not closed reaches to the end. */
function bracketAt(text: string, at: number): [string, number] | null {
  if (text[at] !== '[') return null;
  bracketOpen.lastIndex = at;
  const open = bracketOpen.exec(text);
  if (open === null) return null;
  const close = `]${open[1] ?? ''}]`;
  const start = at + open[0].length;
  const end = text.indexOf(close, start);
  return end === -1 ? [text.slice(start), text.length] : [text.slice(start, end), end + close.length];
}

/** Blanks and comments: `# to the end of the line`, `#[[ over lines ]]`. */
function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (text[at] !== '#') return at;
    const bracket = bracketAt(text, at + 1);
    if (bracket !== null) {
      at = bracket[1];
      continue;
    }
    const end = text.indexOf('\n', at);
    if (end === -1) return text.length;
    at = end;
  }
}

/** Lines of offsets that only grow. The next end of a line is remembered: all of a file may be one. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let end = endOfLine(text, 0);
  return (offset) => {
    for (; end < offset; end = endOfLine(text, end + 1)) line++;
    return line;
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? Number.POSITIVE_INFINITY : end;
}
