/** A name that a shell, SQL and a URL take without quotes, such as that of a database. */
export function isPlainName(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(text);
}
