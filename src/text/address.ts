const shownInstead = '***';

/**
 * A text whose addresses have no credentials any more: neither user and password, nor a token in the place of
 * the user. The user of an ssh address stays: it is a part of where that is.
 */
export function withoutPassword(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"'`<>]*:[^\s/@"'`<>]*@/gi, `$1${shownInstead}@`)
    .replace(/(\b(?:https?|ftp|socks[45]h?a?):\/\/)[^\s/@"'`<>]*@/gi, `$1${shownInstead}@`);
}
