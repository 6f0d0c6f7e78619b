import { ExitCode, NidifyError } from '../errors.ts';

const longest = 86_400;

/**
 * What `--timeout` says.
 *
 * @returns milliseconds; undefined when the option was not given
 * @throws NidifyError `usage` (exit 2)
 */
export function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= longest) return seconds * 1000;
  throw new NidifyError({
    code: 'usage',
    message: `--timeout ${text} is not a number of seconds`,
    hint: `Allowed is anything above 0, up to ${longest} (a day).`,
    exitCode: ExitCode.usage,
  });
}
