/**
 * Whether a glob of `*`, `?`, `**` and plain text names a path; wildcards stay within a name, except `**`,
 * which stands for any number of them. Time is bounded by the product of both lengths.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const wanted = glob.split('/').filter((step) => step !== '' && step !== '.');
  const steps = path === '.' ? [] : path.split('/');
  return walk(
    wanted.length,
    steps.length,
    (at) => wanted[at] === '**',
    (at, against) => matchesName(wanted[at] ?? '', steps[against] ?? ''),
  );
}

function matchesName(wanted: string, name: string): boolean {
  return walk(
    wanted.length,
    name.length,
    (at) => wanted[at] === '*',
    (at, against) => wanted[at] === '?' || wanted[at] === name[against],
  );
}

/** Both kinds of stars alike: where what follows one does not match, the last one takes one more. */
function walk(
  length: number,
  against: number,
  isStar: (at: number) => boolean,
  isEqual: (at: number, position: number) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let mark = 0;
  for (let position = 0; position < against; ) {
    if (at < length && isStar(at)) {
      star = at++;
      mark = position;
    } else if (at < length && isEqual(at, position)) {
      at++;
      position++;
    } else if (star !== -1) {
      at = star + 1;
      position = ++mark;
    } else {
      return false;
    }
  }
  while (at < length && isStar(at)) at++;
  return at === length;
}
