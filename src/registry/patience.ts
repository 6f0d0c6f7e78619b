import { setTimeout as sleep } from 'node:timers/promises';
import { aborted, TemporaryFailure } from './failure.ts';
import type { RegistryEvent, RetryLimits } from './types.ts';

const defaults: RetryLimits = { attempts: 6, firstWaitMs: 500, longestWaitMs: 30_000, totalMs: 600_000 };

export interface Patience {
  /** Waits before the next attempt; throws the failure where there is none. */
  after(failure: unknown): Promise<void>;
  /** What was gained counts: the next failure is the first again. */
  progressed(): void;
}

export interface PatienceOptions {
  host: string;
  signal?: AbortSignal | undefined;
  retry?: Partial<RetryLimits> | undefined;
  onEvent?: ((event: RegistryEvent) => void) | undefined;
}

/**
 * For one thing that is tried until it is done: waits longer each time, and never as long as others that failed at
 * the same moment. A registry that says how long it wants to be left alone gets that time, if there is as much.
 */
export function patience({ host, signal, retry, onEvent }: PatienceOptions): Patience {
  const limits = { ...defaults, ...retry };
  let failures = 0;
  let since = 0;
  return {
    progressed: () => {
      failures = 0;
    },
    async after(failure) {
      if (!(failure instanceof TemporaryFailure)) throw failure;
      failures++;
      if (failures === 1) since = Date.now();
      const backOff = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** (failures - 1));
      const waitMs = Math.round(failure.retryAfterMs ?? backOff * (0.5 + Math.random() / 2));
      if (failures >= limits.attempts) throw failure;
      if (Date.now() - since + waitMs > limits.totalMs) throw failure;
      onEvent?.({ kind: 'retry', attempt: failures, waitMs, why: failure.why });
      await sleep(waitMs, undefined, signal === undefined ? {} : { signal }).catch(() => {
        throw aborted(host);
      });
    },
  };
}

/** Tries one request until it is answered. */
export async function persistently<T>(options: PatienceOptions, attempt: () => Promise<T>): Promise<T> {
  const patient = patience(options);
  for (;;) {
    try {
      return await attempt();
    } catch (failure) {
      await patient.after(failure);
    }
  }
}
