/** Whether a path can stand in a line of shell as it is. */
export function isPlainPath(path: string): boolean {
  return /^[\w.@%+=:,/-]+$/.test(path) && !path.startsWith('-');
}
