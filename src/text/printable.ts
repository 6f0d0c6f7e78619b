/** Control characters that no generated file may carry: all but TAB, LF and CR. */
const controlCharacter = /[^\P{Cc}\t\n\r]/u;

/**
 * Whether a text survives every format that is written, unchanged: old Nix cuts strings at NUL,
 * `nix develop` fails on other control characters in a variable, and unpaired surrogates have no UTF-8.
 * The planner drops what is not printable, with a finding; rendering refuses it.
 */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !controlCharacter.test(text);
}
