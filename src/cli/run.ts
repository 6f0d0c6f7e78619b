import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { commandNames } from './command-names.ts';
import { isDirectory } from './directory.ts';
import { tellFailure } from './failure.ts';
import { type ColorMode, type Io, processIo } from './io.ts';
import { createProgram, type SharedOptions } from './program.ts';
import { stages as realStages, type Stages } from './stages.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The command as a process: arguments in, exit code out, ended cleanly by a signal. */
export async function main(argv: readonly string[]): Promise<void> {
  const controller = new AbortController();
  let received: NodeJS.Signals | null = null;
  const onSignal = (signal: NodeJS.Signals) => {
    // The second time nobody waits for anything any more; what is temporary goes all the same.
    if (received !== null) process.exit(128 + constants.signals[signal]);
    received = signal;
    controller.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  // Who reads us may stop whenever he likes (`nidify analyze | head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });

  let color: ColorMode = 'auto';
  const io = processIo(controller.signal, () => color);
  const setColor = (mode: ColorMode) => {
    color = mode;
  };
  const exitCode = await runCommand(argv, io, { setColor });
  for (const signal of signals) process.off(signal, onSignal);
  if (received !== null) process.kill(process.pid, received);
  process.exitCode = exitCode;
}

/** The exit code of `run` and `shell` when nidify itself failed. */
const ownFailure = 125;

export interface RunOptions {
  /** Told what `--color` says, before the command prints anything. */
  setColor?: (mode: ColorMode) => void;
  /** Instead of the real ones. */
  stages?: Stages;
}

/**
 * Runs one command line.
 *
 * @returns the exit code
 */
export async function runCommand(
  argv: readonly string[],
  io: Io,
  { setColor = () => {}, stages = realStages }: RunOptions = {},
): Promise<number> {
  let exitCode: number = ExitCode.done;
  const word = firstWord(argv);
  const command = commandNames.find((name) => name === word) ?? 'generate';
  const passes = command === 'run' || command === 'shell';
  const takesWords = passes || command === 'worker';
  const end = takesWords && argv.includes('--') ? argv.indexOf('--') : argv.length;
  const program = createProgram(
    async (shared, body) => {
      setColor(shared.color);
      const base = baseOf(shared, io.cwd);
      exitCode = await body({ io, stages, base, quiet: shared.quiet === true, progress: shared.progress });
    },
    argv.slice(end + 1),
  );
  program.configureOutput({
    writeOut: (text) => io.raw(text),
    // Only the help of a command that misses its subcommand: `tellFailure` says where that is.
    writeErr: () => {},
    outputError: () => {},
  });
  for (const command of program.commands.flatMap((each) => [each, ...each.commands])) {
    command.configureOutput(program.configureOutput());
  }
  try {
    await program.parseAsync(argv.slice(0, end), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (io.signal.aborted) return passes ? ownFailure : ExitCode.temporary;
    const code = tellFailure(error, io, {
      command,
      word,
      json: argv.slice(0, end).includes('--json'),
      debug: io.env.NIDIFY_DEBUG === '1',
    });
    // Their other codes are those of the command that they run.
    return passes && code !== ExitCode.done ? ownFailure : code;
  }
}

/** The command of a command line, or else its directory: the first word that is none of an option's. */
function firstWord(argv: readonly string[]): string | undefined {
  const own = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  return own.find(
    (word, at) => !word.startsWith('-') && !['-C', '--color', '--progress'].includes(own[at - 1] ?? ''),
  );
}

function baseOf({ C }: SharedOptions, cwd: string): string {
  const base = path.resolve(cwd, C ?? '.');
  if (isDirectory(base)) return base;
  throw new NidifyError({
    code: 'no-directory',
    message: existsSync(base) ? `${C} is not a directory` : `there is no directory ${C}`,
    hint: '-C names the directory to start in.',
    exitCode: ExitCode.usage,
  });
}
