/** More do not make it faster, and every one holds a connection. */
const atOnce = 3;

/** A few at a time; the first that fails stops the others, and is what is thrown when all have ended. */
export async function eachOf<T>(
  items: readonly T[],
  stop: AbortController,
  run: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  let failure: { error: unknown } | null = null;
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined && failure === null; next = waiting.shift()) {
      try {
        await run(next);
      } catch (error) {
        failure ??= { error };
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const first = failure as { error: unknown } | null;
  if (first !== null) throw first.error;
}
