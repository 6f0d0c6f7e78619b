/**
 * A relative path that a file in a folder names, from the root of the repository: `apps/web` and
 * `../../lib` give `lib`. Null where it is absolute or leaves the repository.
 */
export function resolvePath(folder: string, path: string): string | null {
  if (path.startsWith('/')) return null;
  const parts = folder === '.' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.length === 0 ? '.' : parts.join('/');
}
