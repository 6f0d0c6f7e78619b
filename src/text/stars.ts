/**
 * Matching with stars in time that is bounded by the product of both lengths, whatever the pattern: where what
 * follows a star does not match, the last star takes one more.
 *
 * @param length of the pattern
 * @param against length of what is matched
 * @param isStar whether the pattern has a star at an index
 * @param isEqual whether the pattern at an index matches what is at a position
 */
export function matchesStars(
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
