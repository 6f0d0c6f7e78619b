import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { withEvents, withProgress } from '../../src/cli/progress.ts';
import { stages } from '../../src/cli/stages.ts';
import { createProgress } from '../../src/events/emitter.ts';
import { progressEventSchema } from '../../src/events/progress.ts';
import { capturedIo } from '../support/io.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function contextWith(parts: Partial<Context> = {}) {
  const io = capturedIo();
  return { io, context: { io, stages, base: '/', quiet: false, ...parts } };
}

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test('what takes less than a second is not told', async () => {
  const { io, context } = contextWith();
  await withProgress(context, 'build', 'building', () => wait(900));
  expect(io.stderr()).toBe('');
});

test('a log gets a line when something new has lasted, and no more than one in a quarter of a minute', async () => {
  const { io, context } = contextWith({ progress: 'plain' });
  await withProgress(context, 'build', 'building', async (tell) => {
    await wait(2000);
    for (let at = 1; at <= 60; at++) {
      tell(`step ${at}`);
      await wait(1000);
    }
  });
  expect(io.stderr().trim().split('\n')).toEqual([
    'building …',
    'step 14 …',
    'step 29 …',
    'step 44 …',
    'step 59 …',
  ]);
});

test('several phases say how long each took', async () => {
  const { io, context } = contextWith({ progress: 'plain' });
  await withEvents(
    context,
    async (onEvent) => {
      const progress = createProgress(onEvent);
      await progress.phase('resolve', 'asking the registry', () => wait(200));
      await progress.phase('build', 'building', () => wait(75_000));
    },
    { tellsFinished: true },
  );
  expect(io.stderr().trim().split('\n')).toEqual(['building …', 'building: 1 min 15 s']);
});

test('a terminal sees how much of the bytes are sent', async () => {
  const { io, context } = contextWith();
  const status = vi.spyOn(io, 'status');
  const before = process.stderr.isTTY;
  process.stderr.isTTY = true;
  try {
    await withEvents(context, (onEvent) =>
      createProgress(onEvent).phase('push', 'sending', async ({ bytes }) => {
        await wait(1000);
        bytes(512, 2048);
        await wait(1000);
      }),
    );
  } finally {
    process.stderr.isTTY = before;
  }
  expect(status.mock.calls.map(([text]) => text)).toContain('sending, 25 % of 2.0 KiB … 2 s');
  expect(status.mock.lastCall).toEqual([null]);
});

test('for machines there is one event on a line, whatever else is quiet', async () => {
  const { io, context } = contextWith({ progress: 'json', quiet: true });
  await withProgress(context, 'read', 'reading', async (tell) => tell('reading "a"\nb'));
  const events = io
    .stderr()
    .trim()
    .split('\n')
    .map((line) => progressEventSchema.parse(JSON.parse(line)));
  expect(events.map(({ state, step }) => [state, step])).toEqual([
    ['started', 'reading'],
    ['running', 'reading "a"\nb'],
    ['finished', 'reading'],
  ]);
});

test('quiet is quiet', async () => {
  const { io, context } = contextWith({ quiet: true });
  await withProgress(context, 'build', 'building', () => wait(60_000));
  expect(io.stderr()).toBe('');
});
