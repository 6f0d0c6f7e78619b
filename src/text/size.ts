import { ExitCode, NidifyError } from '../errors.ts';

const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 };

/**
 * A size as people write it: `512M`, `2GiB`, `1073741824`; powers of 1024.
 *
 * @returns bytes
 * @throws NidifyError `usage` (exit 2)
 */
export function bytesOf(text: string, option: string): number {
  const { number, unit } =
    /^(?<number>\d+(\.\d+)?)\s*(?<unit>[kmgt]?)(i?b)?$/i.exec(text.trim())?.groups ?? {};
  const bytes = Number(number) * (units[(unit ?? '').toLowerCase()] ?? Number.NaN);
  if (Number.isFinite(bytes) && bytes >= 1) return Math.floor(bytes);
  throw new NidifyError({
    code: 'usage',
    message: `${option} ${text} is not a size`,
    hint: 'Write a number with K, M, G or T, such as 2G.',
    exitCode: ExitCode.usage,
  });
}
