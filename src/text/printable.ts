/**
 * What no generated file may carry: control characters but TAB, LF and CR, and those that reorder the text
 * around them, by which a value could be shown as code (https://trojansource.codes).
 */
const controlCharacter = /[^\P{Cc}\t\n\r]|[\u202a-\u202e\u2066-\u2069]/u;

/**
 * Whether a text survives every format that is written, unchanged: old Nix cuts strings at NUL,
 * `nix develop` fails on other control characters in a variable, and unpaired surrogates have no UTF-8.
 * The planner drops what is not printable, with a finding; rendering refuses it.
 */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !controlCharacter.test(text);
}
