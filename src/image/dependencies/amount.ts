/** How much installing may write: a package, or a lock file, can ask for more than any disk has. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExitCode, NidifyError } from '../../errors.ts';

export interface Amount {
  /** Of the contents of all files. */
  bytes: number;
  /** Files, folders and links. */
  files: number;
}

const gibibyte = 1024 ** 3;

/** Several times what the largest projects install. */
export const defaultInstallBounds: Amount = { bytes: 32 * gibibyte, files: 3_000_000 };

const pauseMs = 1000;
/** Looking takes a tenth of the time at most. */
const share = 10;

/**
 * Runs what writes into these folders, and ends it once there is more than allowed: it is looked at every now and then,
 * and once more at the end.
 *
 * @param run must pass the signal on to the program
 * @throws NidifyError `dependencies-too-large` (exit 5), and what `run` throws
 */
export async function withinBounds<T>(
  folders: readonly string[],
  bounds: Amount,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const done = new AbortController();
  const watch = watching(folders, bounds, stop, done.signal);
  try {
    const result = await run(stop.signal);
    if (exceeds(await amountIn(folders, bounds), bounds)) throw tooLarge(bounds);
    return result;
  } catch (error) {
    throw stop.signal.aborted ? tooLarge(bounds) : error;
  } finally {
    done.abort();
    await watch;
  }
}

async function watching(
  folders: readonly string[],
  bounds: Amount,
  stop: AbortController,
  done: AbortSignal,
): Promise<void> {
  for (let waitMs = pauseMs; !done.aborted; ) {
    await sleep(waitMs, undefined, { signal: done }).catch(() => {});
    if (done.aborted) return;
    const began = performance.now();
    if (exceeds(await amountIn(folders, bounds, done), bounds)) return stop.abort();
    waitMs = Math.max(pauseMs, share * (performance.now() - began));
  }
}

const exceeds = (amount: Amount, bounds: Amount) =>
  amount.bytes > bounds.bytes || amount.files > bounds.files;

/** What is in folders that are written to meanwhile: what goes away while it is looked at does not count. */
async function amountIn(folders: readonly string[], bounds: Amount, signal?: AbortSignal): Promise<Amount> {
  const amount: Amount = { bytes: 0, files: 0 };
  const waiting = folders.map((each) => Buffer.from(each));
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    try {
      for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
        if (signal?.aborted || exceeds(amount, bounds)) return amount;
        const file = Buffer.concat([folder, Buffer.from(path.sep), entry.name]);
        amount.files++;
        if (entry.isDirectory()) waiting.push(file);
        else if (entry.isFile()) amount.bytes += (await lstat(file)).size;
      }
    } catch {
      // Gone, or not to be read: the layer will say so.
    }
  }
  return amount;
}

function tooLarge({ bytes, files }: Amount): NidifyError {
  const size = bytes >= gibibyte ? `${Math.floor(bytes / gibibyte)} GiB` : `${bytes} bytes`;
  return new NidifyError({
    code: 'dependencies-too-large',
    message: `installing the dependencies wrote more than ${size}, or more than ${files} files`,
    hint: 'If that is right, say more in nidify.jsonc: "build": { "installSize": "64G", "installFiles": 5000000 }.',
    exitCode: ExitCode.buildFailed,
  });
}
