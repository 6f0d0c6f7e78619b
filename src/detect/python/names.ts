/** Names of packages, and what of a repository may enter a command. */

/** A package's name as indexes compare it: https://peps.python.org/pep-0503/#normalized-names */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** A word that a shell takes as it stands: names of groups, scripts and modules. */
export function isPlainWord(text: string): boolean {
  return text.length <= 100 && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text);
}

/** A relative path that a shell takes as it stands, and no program for an option. */
export function isPlainPath(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z0-9_.][A-Za-z0-9_./-]*$/.test(text);
}

/** A dotted name that Python can import. */
export function isModule(text: string): boolean {
  return text.length <= 200 && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(text);
}
