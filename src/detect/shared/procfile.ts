/** Process types of a Procfile: https://devcenter.heroku.com/articles/procfile#procfile-format */
import type { Inventory } from '../../scan/types.ts';
import { holdsSecret } from './secrets.ts';
import { fileIn } from './tree.ts';

const entry = /^(?<type>[A-Za-z0-9_-]{1,60}):\s*(?<command>\S.*)$/;

/**
 * The command of a process type in a folder's Procfile; null where it has none that a line of shell can hold, or one
 * that gives a secret away.
 */
export function procfileCommand(
  inventory: Inventory,
  folder: string,
  type: string,
  name = 'Procfile',
): string | null {
  const text = fileIn(inventory, folder, name)?.text ?? '';
  for (const line of text.split(/\r?\n/, 200)) {
    if (line.length > 1000) continue;
    const found = entry.exec(line)?.groups;
    const command = found?.command?.trim();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    if (found?.type === type && command !== undefined && !/[\u0000-\u001f\u007f]/.test(command))
      return holdsSecret(command) ? null : command;
  }
  return null;
}
