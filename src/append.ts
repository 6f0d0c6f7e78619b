/**
 * Adds to a list what another holds. `push(...more)` makes an argument of each, of which there may only be so many:
 * the length of a list is what a repository wants it to be.
 */
export function append<T>(list: T[], more: Iterable<T>): void {
  for (const each of more) list.push(each);
}
