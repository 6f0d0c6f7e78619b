import { ExitCode, NidifyError } from '../errors.ts';
import { decode } from '../scan/decode.ts';
import { defaultLimits } from '../scan/limits.ts';
import type { Source } from '../scan/types.ts';

export const configFileName = 'nidify.jsonc';

/**
 * The text of `nidify.jsonc` at the top of a repository; null where there is none.
 *
 * @throws NidifyError `config-unreadable` (exit 2)
 */
export async function configTextOf(source: Source, signal: AbortSignal | undefined): Promise<string | null> {
  const [result] = await source.read([configFileName], { limits: defaultLimits, signal });
  if (result === undefined) return null;
  if ('content' in result) return decode(result.content)?.text ?? '';
  if (result.problem === 'unreadable' && result.detail === 'ENOENT') return null;
  throw new NidifyError({
    code: 'config-unreadable',
    message: `${configFileName} cannot be read: ${result.detail}`,
    hint: 'Mend it or remove it: what it decides must not be passed over.',
    exitCode: ExitCode.usage,
  });
}
