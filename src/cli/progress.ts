import type { Context } from './context.ts';
import { dim } from './terminal/text.ts';

const patienceMs = 1000;

/**
 * Says on standard error what takes longer than a second.
 *
 * @param work may tell what it is at now
 */
export async function withProgress<T>(
  { io, quiet }: Context,
  text: string,
  work: (tell: (text: string) => void) => Promise<T>,
): Promise<T> {
  if (quiet) return work(() => {});
  let seconds = 0;
  let current = text;
  let told: string | null = null;
  const tellOnce = () => {
    if (told !== current && !process.stderr.isTTY) io.err([[dim(`${current} …`)]]);
    told = current;
  };
  const timer = setInterval(() => {
    seconds++;
    tellOnce();
    io.status(`${current} … ${seconds} s`);
  }, patienceMs);
  try {
    return await work((next) => {
      current = next;
      if (seconds > 0) tellOnce();
    });
  } finally {
    clearInterval(timer);
    if (seconds > 0) io.status(null);
  }
}
