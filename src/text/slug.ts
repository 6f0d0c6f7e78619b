/** A text as a name that hosts, images and shells take: small letters and digits, joined by single hyphens; may be empty. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The name itself or, where it is taken, the first of `name-2`, `name-3` … that is not; it is taken then. */
export function unusedName(taken: Set<string>, name: string): string {
  let free = name;
  for (let at = 2; taken.has(free); at++) free = `${name}-${at}`;
  taken.add(free);
  return free;
}
