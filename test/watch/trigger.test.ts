import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTrigger } from '../../src/watch/trigger.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  void promise.then(() => {
    isSettled = true;
  });
  await Promise.resolve();
  await Promise.resolve();
  return isSettled;
}

test('waits until nothing happens any more', async () => {
  const trigger = createTrigger(100, undefined);
  const next = trigger.next();
  for (let n = 0; n < 5; n++) {
    trigger.fire();
    vi.advanceTimersByTime(90);
  }
  expect(await isDone(next)).toBe(false);
  vi.advanceTimersByTime(10);
  expect(await next).toBe(true);
});

test('does not wait for ever where something happens all the time', async () => {
  const trigger = createTrigger(100, undefined);
  const next = trigger.next();
  for (let n = 0; n < 21; n++) {
    trigger.fire();
    vi.advanceTimersByTime(50);
  }
  expect(await next).toBe(true);
});

test('keeps what happens while nobody waits, once', async () => {
  const trigger = createTrigger(100, undefined);
  for (let n = 0; n < 3; n++) {
    trigger.fire();
    vi.advanceTimersByTime(200);
  }
  expect(await trigger.next()).toBe(true);
  expect(await isDone(trigger.next())).toBe(false);
});

test('ends with its signal, and leaves no timer', async () => {
  const controller = new AbortController();
  const trigger = createTrigger(100, controller.signal);
  const next = trigger.next();
  trigger.fire();
  controller.abort();
  expect(await next).toBe(false);
  trigger.fire();
  expect(vi.getTimerCount()).toBe(0);
  expect(await createTrigger(100, controller.signal).next()).toBe(false);
});
