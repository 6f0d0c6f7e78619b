import { withoutPassword } from './address.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const terminalSequence = /\u001b\[[0-9;?]*[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const controlCharacter = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** What a program printed, without terminal sequences, control characters and the credentials of addresses. */
export function plain(text: string): string {
  return withoutPassword(text.replace(terminalSequence, '').replace(controlCharacter, ''));
}
