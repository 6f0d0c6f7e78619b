/** From positions in a text to its lines, each line end looked for once. Lines are counted from 1. */

/** Line of one offset; where more than one is asked for, the two below. */
export function lineAt(text: string, offset: number): number {
  return lineCounter(text)(offset);
}

/** Lines of offsets that only grow: one pass over the text, however many are asked for. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (offset) => {
    for (; next !== -1 && next < offset; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}

/** Lines of offsets in any order. */
export function lineTable(text: string): (offset: number) => number {
  const starts = lineStarts(text);
  return (offset) => {
    let low = 1;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Where each line starts. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
