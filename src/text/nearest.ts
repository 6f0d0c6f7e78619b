/** The candidates closest to a word that was not understood, at most three, the closest first. */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  const wanted = word.slice(0, 60).toLowerCase();
  const bound = Math.max(1, Math.floor(wanted.length / 3));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceOf(wanted, candidate) }))
    .filter(({ distance }) => distance <= bound)
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** A hint from the nearest candidates: `Did you mean "node"?`; null when none is near. */
export function suggestion(word: string, candidates: Iterable<string>): string | null {
  const found = nearest(word, candidates).map((candidate) => JSON.stringify(candidate));
  return found.length === 0 ? null : `Did you mean ${found.join(' or ')}?`;
}

function distanceOf(wanted: string, candidate: string): number {
  const other = candidate.toLowerCase();
  const [short, long] = wanted.length < other.length ? [wanted, other] : [other, wanted];
  return short.length > 2 && long.startsWith(short) ? 0.5 : editDistance(wanted, other.slice(0, 60));
}

/** Levenshtein's distance, a swap of neighbours counting once (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
