const longestLine = 64 * 1024;

/** Tells every line of a stream as it comes, at most 64 KiB of each. */
export function eachLine(stream: NodeJS.ReadableStream, tell: (line: string) => void): void {
  const decoder = new TextDecoder();
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    // The end of a line that never ends is of no use to anyone.
    if (rest.length > longestLine) rest = rest.slice(0, longestLine);
    for (const line of lines) tell(line.slice(0, longestLine));
  });
  stream.on('end', () => {
    if (rest !== '') tell(rest);
  });
}

/** Adds a line to those that are kept, of which the oldest goes when there are too many. */
export function keepLast(kept: string[], line: string, most: number): void {
  kept.push(line);
  if (kept.length > most) kept.shift();
}
