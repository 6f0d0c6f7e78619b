import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/events/emitter.ts';
import { type ProgressEvent, progressEventSchema } from '../../src/events/progress.ts';

/** A clock that is moved by hand, and what was told by it. */
function recorder() {
  const events: ProgressEvent[] = [];
  const clock = { now: Date.UTC(2026, 0, 2) };
  const progress = createProgress(
    (event) => events.push(event),
    () => clock.now,
  );
  return { events, clock, progress };
}

describe('progress', () => {
  it('says when a phase begins and ends, and how long it took', async () => {
    const { events, clock, progress } = recorder();
    const result = await progress.phase('build', 'building', async (report) => {
      clock.now += 400;
      report.step('building openssl');
      report.step('building openssl');
      clock.now += 600;
      return 7;
    });
    expect(result).toBe(7);
    expect(events.map(({ state, step, elapsed, duration }) => [state, step, elapsed, duration])).toEqual([
      ['started', 'building', 0, null],
      ['running', 'building openssl', 400, null],
      ['finished', 'building', 1000, 1000],
    ]);
    expect(events[2]?.time).toBe('2026-01-02T00:00:01.000Z');
    for (const event of events) expect(progressEventSchema.parse(event)).toEqual(event);
  });

  it('says that a phase failed, and passes the error on', async () => {
    const { events, progress } = recorder();
    const work = progress.phase('push', 'pushing', async (report) => {
      report.step('pushing a layer');
      throw new Error('cut');
    });
    await expect(work).rejects.toThrow('cut');
    expect(events.at(-1)).toMatchObject({ phase: 'push', state: 'failed', step: 'pushing a layer' });
  });

  it('tells bytes now and then, and always the last ones', async () => {
    const { events, clock, progress } = recorder();
    await progress.phase('push', 'pushing', async ({ bytes }) => {
      for (let done = 0; done <= 1000; done += 10) {
        bytes(done, 1000);
        clock.now += 5;
      }
    });
    const told = events.filter((event) => event.bytes !== null);
    expect(told.map(({ percent }) => percent)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(told.at(-1)?.bytes).toEqual({ done: 1000, total: 1000 });
  });

  it('gives a changed environment priority once, and the reason with every event', async () => {
    const { events, progress } = recorder();
    const change = {
      ...{ schemaVersion: 1, type: 'environment-change' },
      files: [{ path: 'package.json', state: 'changed' }],
      message: 'package.json changed',
    } as unknown as Parameters<typeof progress.because>[0];
    await progress.phase('resolve', 'looking', async () => progress.because(change));
    await progress.phase('build', 'building', async () => {});
    expect(events.map(({ priority }) => priority)).toEqual([0, 10, 0, 0]);
    expect(events.at(-1)?.environmentChange).toBe(change);
  });

  it('keeps streams apart', async () => {
    const [one, other] = [recorder(), recorder()];
    await Promise.all([
      one.progress.phase('build', 'one', async () => {}),
      other.progress.phase('push', 'other', async () => {}),
    ]);
    expect(new Set(one.events.map(({ step }) => step))).toEqual(new Set(['one']));
    expect(new Set(other.events.map(({ step }) => step))).toEqual(new Set(['other']));
  });
});
