const shownInstead = '***';
/** Bounded throughout: what programs print is searched, and lines may be made to keep a search busy. */
const credentials = /([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/@"'`<>]{1,4096})@/gi;

/**
 * A text whose addresses have no credentials any more: neither user and password, nor a token in the place of
 * the user. The user of an ssh address stays: it is a part of where that is.
 */
export function withoutPassword(text: string): string {
  return text.replace(credentials, (all, address: string, who: string) => {
    const isHidden = who.includes(':') || /(?:https?|ftp|socks[45]h?a?):\/\/$/i.test(address);
    return isHidden ? `${address}${shownInstead}@` : all;
  });
}
