import type { Context } from './context.ts';
import { dim } from './terminal/text.ts';

const patienceMs = 1000;
/** Where lines stay, as in a log, a new one comes at most this often. */
const logPauseSeconds = 15;

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
  let toldAt = -logPauseSeconds;
  const tellOnce = () => {
    if (told === current || seconds - toldAt < logPauseSeconds) return;
    if (!process.stderr.isTTY) io.err([[dim(`${current} …`)]]);
    told = current;
    toldAt = seconds;
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
