import { append } from '../../append.ts';
/** Programs that a script of `package.json` runs, as a shell would see them. Nothing is expanded. */

export interface Invocation {
  program: string;
  /** Words after the program. */
  args: readonly string[];
}

/** Scripts beyond this are no command lines. */
const maxLength = 8_192;

/** The programs of a command line, in order; those in quotes after `concurrently` and the like included. */
export function invocations(script: string): Invocation[] {
  if (script.length > maxLength) return [];
  return commandsIn(script).flatMap((words) => invocationsOf(words, 0));
}

/** Programs that run what follows them. */
const wrappers = new Set([
  'cross-env',
  'cross-env-shell',
  'env',
  'exec',
  'time',
  'npx',
  'pnpx',
  'sudo',
  'nice',
  'dotenv',
  'dotenvx',
  'infisical',
  'doppler',
]);
/** Programs whose quoted arguments are command lines. */
const runners = new Set([
  'concurrently',
  'conc',
  'start-server-and-test',
  'wait-on',
  'nodemon',
  'sh',
  'bash',
]);

function invocationsOf(words: readonly string[], depth: number): Invocation[] {
  let at = 0;
  while (isAssignment(words[at])) at++;
  const program = words[at];
  if (program === undefined) return [];
  const args = words.slice(at + 1);
  const all: Invocation[] = [{ program, args }];
  if (depth >= 3) return all;
  if (wrappers.has(program)) {
    const rest = args.findIndex((word) => !word.startsWith('-') && !isAssignment(word) && word !== 'run');
    if (rest !== -1) append(all, invocationsOf(args.slice(rest), depth + 1));
  } else if (runners.has(program)) {
    for (const word of args) {
      if (/\s/.test(word)) {
        append(
          all,
          commandsIn(word).flatMap((inner) => invocationsOf(inner, depth + 1)),
        );
      }
    }
  }
  return all;
}

function isAssignment(word: string | undefined): boolean {
  return word !== undefined && /^[A-Za-z_]\w*=/.test(word);
}

/** Words of each command between `&&`, `||`, `|`, `;`, `&` and line ends; quotes are taken off. */
function commandsIn(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word = '';
  let isWord = false;
  let quote = '';
  const endWord = () => {
    if (isWord) words.push(word);
    word = '';
    isWord = false;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < script.length; at++) {
    const char = script[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') word += script[++at] ?? '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      isWord = true;
    } else if (char === '\\') {
      word += script[++at] ?? '';
      isWord = true;
    } else if (char === ' ' || char === '\t') {
      endWord();
    } else if (
      char === '&' ||
      char === '|' ||
      char === ';' ||
      char === '\n' ||
      char === '(' ||
      char === ')'
    ) {
      endCommand();
    } else {
      word += char;
      isWord = true;
    }
  }
  endCommand();
  return commands;
}
