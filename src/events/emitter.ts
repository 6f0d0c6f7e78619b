/** Turns work into events: when it began, what it is at, how long it took. */
import type { EnvironmentChange } from './environment-change.ts';
import type { OnEvent, Phase, ProgressEvent } from './progress.ts';

/** What a piece of work may say while it runs. */
export interface Report {
  /** What it is at now. */
  step(text: string): void;
  /** @param total bytes in all; null where that is not known */
  bytes(done: number, total: number | null): void;
}

export interface Progress {
  /**
   * Runs one phase, and says when it begins and ends; an error passes through.
   *
   * @param step what is done, for people
   */
  phase<T>(phase: Phase, step: string, work: (report: Report) => Promise<T>): Promise<T>;
  /** From now on, events say why the environment is built anew; the first one with priority. */
  because(change: EnvironmentChange): void;
}

/** A message that says that the environment changes goes before others. */
export const changePriority = 10;
/** Bytes are told at most so often. */
const bytesPauseMs = 100;

/**
 * A stream of its own, so that many can run at once.
 *
 * @param clock milliseconds since 1970
 */
export function createProgress(onEvent: OnEvent | undefined, clock: () => number = Date.now): Progress {
  const began = clock();
  let change: EnvironmentChange | null = null;
  let isNews = false;
  const tell = (
    now: number,
    event: Pick<ProgressEvent, 'phase' | 'state' | 'step'> &
      Partial<Pick<ProgressEvent, 'bytes' | 'duration'>>,
  ) => {
    const bytes = event.bytes ?? null;
    onEvent?.({
      schemaVersion: 1,
      type: 'progress',
      time: new Date(now).toISOString(),
      elapsed: now - began,
      phase: event.phase,
      state: event.state,
      step: event.step,
      percent: percentOf(event.state, bytes),
      bytes,
      duration: event.duration ?? null,
      environmentChange: change,
      priority: isNews ? changePriority : 0,
    });
    isNews = false;
  };
  return {
    async phase(phase, text, work) {
      const started = clock();
      let step = text;
      let toldAt = Number.NEGATIVE_INFINITY;
      tell(started, { phase, state: 'started', step });
      const report: Report = {
        step(next) {
          if (next === step) return;
          step = next;
          tell(clock(), { phase, state: 'running', step });
        },
        bytes(done, total) {
          const now = clock();
          if (now - toldAt < bytesPauseMs && done !== total) return;
          toldAt = now;
          tell(now, { phase, state: 'running', step, bytes: { done, total } });
        },
      };
      try {
        const result = await work(report);
        const now = clock();
        tell(now, { phase, state: 'finished', step: text, duration: now - started });
        return result;
      } catch (error) {
        const now = clock();
        tell(now, { phase, state: 'failed', step, duration: now - started });
        throw error;
      }
    },
    because(given) {
      change = given;
      isNews = true;
    },
  };
}

function percentOf(state: ProgressEvent['state'], bytes: ProgressEvent['bytes']): number | null {
  if (state === 'finished') return 100;
  if (bytes === null || bytes.total === null) return null;
  return bytes.total === 0 ? 100 : Math.min(100, Math.floor((100 * bytes.done) / bytes.total));
}
