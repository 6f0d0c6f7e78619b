import { CommanderError } from 'commander';
import { ExitCode, NidifyError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { commandNames } from './command-names.ts';
import type { Io } from './io.ts';
import { printResult } from './json.ts';
import { bold, dim, type Line, red } from './terminal/text.ts';

/** A bug of nidify: sysexits' EX_SOFTWARE, which no command uses for anything else. */
export const internalError = 70;

/** Where a failure is told, and how. */
export interface FailureOptions {
  command: string;
  /** The first word that is no option: it may be a command with a slip in it, and was taken for a directory. */
  word?: string | undefined;
  /** Tell it on standard output as JSON, too. */
  json: boolean;
  /** Show the stack of a bug. */
  debug: boolean;
}

/** Tells a failure and returns its exit code. */
export function tellFailure(error: unknown, io: Io, options: FailureOptions): number {
  const { command, word, json, debug } = options;
  // Commander has told its own already.
  if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.done;
  const { code, message, hint, exitCode } = describe(error, command, word);
  if (json) {
    printResult(io, { schemaVersion: 1, command, exitCode, error: { code, message, hint } });
  }
  const [first = '', ...rest] = message.split('\n');
  const lines: Line[] = [
    [red('error:'), ' ', bold(first)],
    ...rest.map((line) => [`       ${line}`]),
    ...(hint === null ? [] : [[dim('hint:'), `  ${hint}`]]),
  ];
  io.err(lines);
  if (debug && error instanceof Error) io.err((error.stack ?? '').split('\n').map((line) => [dim(line)]));
  return exitCode;
}

/** What to read after wrong usage. */
function wayOut(command: string): string {
  if (command === 'run')
    return 'What to run comes after `--`: nidify run -- npm test. `nidify run --help` has the options.';
  if (command === 'generate') return '`nidify --help` prints what there is.';
  return `\`nidify ${command} --help\` prints what there is.`;
}

/** The command that a word is near to, where none was given. */
function meant(command: string, word = command): string | null {
  if (command !== 'generate' || word === command || !/^[\w-]+$/.test(word)) return null;
  const [near] = nearest(word, commandNames);
  return near === undefined ? null : `Did you mean the command \`nidify ${near}\`?`;
}

interface Description {
  code: string;
  message: string;
  hint: string | null;
  exitCode: number;
}

function describe(error: unknown, command: string, word: string | undefined): Description {
  if (error instanceof NidifyError) {
    const { code, message, hint, exitCode } = error;
    return { code, message, hint: hint ?? null, exitCode };
  }
  if (error instanceof CommanderError && error.code === 'commander.help') {
    const message = `\`nidify ${command}\` needs to be told what to do`;
    return { code: 'usage', message, hint: wayOut(command), exitCode: ExitCode.usage };
  }
  if (error instanceof CommanderError) {
    const [message = '', suggestion] = error.message
      .replace(/^error: /, '')
      .replace(/^command-argument value ('.*') is invalid for argument '(.*)'/, '$1 is no $2')
      .split('\n');
    const hint = suggestion?.replace(/^\(|\)$/g, '') ?? meant(command, word) ?? wayOut(command);
    return { code: 'usage', message, hint, exitCode: ExitCode.usage };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: 'internal',
    message: `this is a bug in nidify: ${text.split('\n')[0]}`,
    hint: 'Run it again with NIDIFY_DEBUG=1 for the details, and report it with them.',
    exitCode: internalError,
  };
}
