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

function matchesName(wanted: string, name: string): boolean {
  return matchesStars(
    wanted.length,
    name.length,
    (at) => wanted[at] === '*',
    (at, against) => wanted[at] === '?' || wanted[at] === name[against],
  );
}
