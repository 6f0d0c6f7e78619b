import { ExitCode, NidifyError } from '../errors.ts';

/** As `nidify.jsonc` has it, whose schema is not loaded for this. */
const longest = 86_400;

/**
 * What `--timeout` says, or a variable in its place.
 *
 * @param name how messages name where it was said
 * @returns milliseconds; undefined when the option was not given
 * @throws NidifyError `usage` (exit 2)
 */
export function timeoutOf(text: string | undefined, name = '--timeout'): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0 && seconds <= longest) return seconds * 1000;
  throw new NidifyError({
    code: 'usage',
    message: `${name} ${text} is not a number of seconds`,
    hint: `Allowed is anything above 0, up to ${longest} (a day).`,
    exitCode: ExitCode.usage,
  });
}
