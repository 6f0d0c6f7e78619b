/**
 * How often each piece of the source code runs, as V8 counts it: the same in every run, on every machine, however busy
 * it is. What it does not count are loops within the engine: of these, elements of lists that are searched, copied and
 * spread are counted beside it.
 */
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

// What optimised code has made part of itself is not counted, nor what runs before there is a place to count it.
for (const flag of ['--no-opt', '--no-lazy-feedback-allocation', '--no-flush-bytecode']) {
  setFlagsFromString(flag);
}
if (Number.parseInt(process.versions.v8, 10) >= 12) setFlagsFromString('--no-maglev');

const root = path.resolve(import.meta.dirname, '../../src');

interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

export interface Work {
  /** By function: how often it runs, and the blocks in it that run more or less often. */
  functions: ReadonlyMap<string, Range[]>;
  /** Elements of lists that were searched, copied and spread. */
  elements: number;
}

/** What runs in the source code while something is done. */
export async function workOf(task: () => Promise<unknown>): Promise<Work> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const lists = countingLists();
  try {
    await task();
    lists.stop();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const found = new Map<string, Range[]>();
    for (const { url, functions } of result) {
      const file = url.startsWith('file:') ? fileURLToPath(url) : url;
      if (!file.startsWith(root)) continue;
      let named = 'module';
      for (const { functionName, ranges } of functions) {
        if (functionName !== '') named = functionName;
        found.set(`${path.relative(root, file)}: ${named} at ${ranges[0]?.startOffset}`, ranges);
      }
    }
    return { functions: found, elements: lists.elements() };
  } finally {
    lists.stop();
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
  }
}

/**
 * What has grown by more than a factor.
 *
 * @param least what runs less often is none of the time
 */
export function grownBeyond(small: Work, large: Work, factor: number, least: number): string[] {
  const isBeyond = (before: number, after: number) => after > least && after > factor * before;
  const places = [...large.functions].flatMap(([place, ranges]) =>
    ranges.flatMap((range) => {
      const before = countAt(small.functions.get(place) ?? [], range);
      return isBeyond(before, range.count)
        ? [`${place}, block at ${range.startOffset}: ${before} times, then ${range.count}`]
        : [];
    }),
  );
  return isBeyond(small.elements, large.elements)
    ? [...places, `elements of lists: ${small.elements}, then ${large.elements}`]
    : places;
}

/** A block that runs as often as what is around it is not told of by itself. */
function countAt(ranges: readonly Range[], { startOffset, endOffset }: Range): number {
  return (
    ranges.findLast((each) => each.startOffset <= startOffset && each.endOffset >= endOffset)?.count ?? 0
  );
}

/** Counts the elements of lists that are searched, copied and spread. */
function countingLists(): { elements(): number; stop(): void } {
  let elements = 0;
  const { includes, indexOf, slice, concat } = Array.prototype;
  const iterate = Array.prototype[Symbol.iterator];
  const counted = <A extends unknown[], R>(method: (this: unknown[], ...given: A) => R) =>
    function (this: unknown[], ...given: A): R {
      const answer = method.apply(this, given);
      elements += Array.isArray(answer) ? answer.length : this.length;
      return answer;
    };
  Object.assign(Array.prototype, {
    includes: counted(includes),
    indexOf: counted(indexOf),
    slice: counted(slice),
    concat: counted(concat),
    [Symbol.iterator]: counted(iterate),
  });
  return {
    elements: () => elements,
    stop: () => {
      Object.assign(Array.prototype, { includes, indexOf, slice, concat, [Symbol.iterator]: iterate });
    },
  };
}
