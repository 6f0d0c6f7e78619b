import { matchesStars } from '../../text/stars.ts';

/**
 * Whether a glob of `*`, `?`, `**` and plain text names a path; wildcards stay within a name, except `**`,
 * which stands for any number of them. Time is bounded by the product of both lengths.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const wanted = glob.split('/').filter((step) => step !== '' && step !== '.');
  const steps = path === '.' ? [] : path.split('/');
  return matchesStars(
    wanted.length,
    steps.length,
    (at) => wanted[at] === '**',
    (at, against) => matchesName(wanted[at] ?? '', steps[against] ?? ''),
  );
}

/** Whether one of many globs names a path: those without wildcards are looked up. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const literals = new Set<string>();
  const others: string[] = [];
  for (const glob of globs) {
    if (/[*?]/.test(glob)) others.push(glob);
    else literals.add(plain(glob));
  }
  return (path) => literals.has(plain(path)) || others.some((glob) => matchesGlob(glob, path));
}

function plain(path: string): string {
  return path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .join('/');
}

function matchesName(wanted: string, name: string): boolean {
  return matchesStars(
    wanted.length,
    name.length,
    (at) => wanted[at] === '*',
    (at, against) => wanted[at] === '?' || wanted[at] === name[against],
  );
}
