/** The globs of uv's workspaces: https://docs.astral.sh/uv/concepts/projects/workspaces/ */

const maxSteps = 64;

/** Whether a path matches a glob of `*`, `?`, `**` and plain text, step by step. */
export function matchesGlob(path: string, glob: string): boolean {
  const steps = path === '.' ? [] : path.split('/');
  const wanted = glob.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.length > maxSteps || wanted.length > maxSteps) return false;
  // One row per step of the glob: which numbers of path steps can be matched so far.
  let reached = new Set([0]);
  for (const want of wanted) {
    const next = new Set<number>();
    for (const at of reached) {
      if (want === '**') for (let to = at; to <= steps.length; to++) next.add(to);
      else if (at < steps.length && matchesStep(steps[at] ?? '', want)) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(steps.length);
}

/** One step against a wildcard, without backtracking into earlier stars. */
function matchesStep(text: string, want: string): boolean {
  let at = 0;
  let wantAt = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    const wanted = want[wantAt];
    if (wanted === '*') {
      star = wantAt++;
      mark = at;
    } else if (wanted === '?' || wanted === text[at]) {
      wantAt++;
      at++;
    } else if (star !== -1) {
      wantAt = star + 1;
      at = ++mark;
    } else {
      return false;
    }
  }
  while (want[wantAt] === '*') wantAt++;
  return wantAt === want.length;
}
