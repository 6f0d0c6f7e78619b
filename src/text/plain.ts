import { withoutPassword } from './address.ts';

/** What a program printed, without terminal sequences, control characters and the credentials of addresses. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const shown = text
    .replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  return withoutPassword(shown);
}
