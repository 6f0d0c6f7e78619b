import { ExitCode, NidifyError } from '../errors.ts';

/**
 * The number of processes of `--max-processes`.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function processesOf(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new NidifyError({
    code: 'usage',
    message: `--max-processes ${JSON.stringify(text)} is not a number of processes`,
    hint: 'As in --max-processes 200.',
    exitCode: ExitCode.usage,
  });
}
