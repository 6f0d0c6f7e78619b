/** Pieces of POSIX shell: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html */
import { print, type ShellFragment } from './fragment.ts';
import { oneLine, printable } from './text.ts';

/** A text as one word: nothing in it is expanded or run. */
export function shellWord(text: string): ShellFragment {
  const plain = /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) && !/^[^/]*=/.test(text);
  return print('shell', plain ? text : `'${printable(text).replaceAll("'", "'\\''")}'`);
}

/** Comment lines. */
export function shellComment(lines: readonly string[]): ShellFragment {
  const texts = lines.map((line) => {
    const text = oneLine(line, 400);
    return text === '' ? '#' : `# ${text}`;
  });
  return print('shell', texts.join('\n'));
}
