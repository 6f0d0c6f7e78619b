import { isPlainPath } from './shell.ts';

/**
 * A path of the repository as a word of a shell command: as it is where nothing in it means anything to a shell,
 * else in single quotes; one that would be read as an option gets `./`. Null where it holds control characters.
 */
export function shellWord(path: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\u0000-\u001f\u007f-\u009f]/.test(path) || !path.isWellFormed()) return null;
  const safe = path.startsWith('-') ? `./${path}` : path;
  return isPlainPath(safe) ? safe : `'${safe.replaceAll("'", "'\\''")}'`;
}
