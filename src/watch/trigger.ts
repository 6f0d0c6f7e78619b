/** Turns many signs of a change into one, once they have stopped. */

export interface Trigger {
  /** Something may have changed. */
  fire(): void;
  /** Resolves when it is time to look: true; false when the signal has aborted. */
  next(): Promise<boolean>;
  /** Lets nothing fire any more. */
  close(): void;
}

/** While signs keep coming, it is looked at least this often. */
const patienceFactor = 10;

/** @param quietMs how long nothing may have happened before it is looked */
export function createTrigger(quietMs: number, signal: AbortSignal | undefined): Trigger {
  let firstAt: number | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isDue = false;
  let isClosed = signal?.aborted === true;
  let wake: (() => void) | null = null;
  const settle = () => {
    const call = wake;
    wake = null;
    call?.();
  };
  const due = () => {
    isDue = true;
    firstAt = null;
    settle();
  };
  const close = () => {
    isClosed = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', close);
    settle();
  };
  signal?.addEventListener('abort', close, { once: true });
  return {
    fire() {
      if (isClosed || isDue) return;
      const now = performance.now();
      firstAt ??= now;
      clearTimeout(timer);
      const left = firstAt + patienceFactor * quietMs - now;
      timer = setTimeout(due, Math.max(0, Math.min(quietMs, left)));
    },
    async next() {
      if (!isDue && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      isDue = false;
      return !isClosed;
    },
    close,
  };
}
