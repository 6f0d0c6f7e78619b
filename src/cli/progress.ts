import type { Context } from './context.ts';
import { dim } from './terminal/text.ts';

const patienceMs = 1000;

/** Says on standard error what takes longer than a second. */
export async function withProgress<T>(
  { io, quiet }: Context,
  text: string,
  work: () => Promise<T>,
): Promise<T> {
  if (quiet) return work();
  let seconds = 0;
  const timer = setInterval(() => {
    seconds++;
    if (seconds === 1 && !process.stderr.isTTY) io.err([[dim(`${text} …`)]]);
    io.status(`${text} … ${seconds} s`);
  }, patienceMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (seconds > 0) io.status(null);
  }
}
