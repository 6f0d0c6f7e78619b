import { realpathSync } from 'node:fs';
import { claimedPaths } from '../analyze.ts';
import { entryPoints } from '../detect/entry-points.ts';
import { announcesLast } from '../detect/last.ts';
import { detectors } from '../detect/registry.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import type { EnvironmentEvent } from '../events/environment-change.ts';
import type { Plan } from '../plan/schema.ts';
import {
  type Baseline,
  beforeOf,
  environmentChange,
  environmentCurrent,
  environmentUnknown,
} from './describe.ts';
import { CannotWatch, type Folders, watchFolders } from './folders.ts';
import { type Look, look } from './state.ts';
import { createTrigger } from './trigger.ts';

export interface WatchOptions {
  /** Ends the iteration; nothing is thrown. */
  signal?: AbortSignal;
  /** Plan of the environment in use; unless told, what the files ask for at the start. */
  since?: Plan;
  /** Look so often, in milliseconds, instead of waiting for signs: for file systems that give none. */
  intervalMs?: number;
  /** How long nothing may have changed before it is looked; 200 ms unless told. */
  quietMs?: number;
  /** Told once changes are seen, and again where that is done otherwise from now on. */
  onReady?: (how: Watching) => void;
}

export type Watching =
  | { kind: 'folders'; folders: number }
  /** @property why null where it was asked for */
  | { kind: 'interval'; intervalMs: number; why: string | null };

const defaultQuietMs = 200;
/** Where folders cannot be watched. */
const fallbackIntervalMs = 5000;
/** Looking takes at most this part of the time. */
const workShare = 10;

/**
 * Tells of every change to a working tree that makes its environment stale, or current again. Each event says all
 * that differs from the environment in use, so that the last one is enough.
 *
 * What counts is what counts for the plan's digest: files that a detector claims (new ones too), `nidify.jsonc` and
 * the pins of `nidify.lock`. Signs of changes come from the system; the answer always comes from analysing.
 *
 * @throws NidifyError as `analyze` for the first look; `no-directory` (exit 2) once the directory is gone; what is
 *   wrong with the repository later is an event
 */
export async function* watch(
  directory: string,
  options: WatchOptions = {},
): AsyncGenerator<EnvironmentEvent, void, undefined> {
  const { signal, since, intervalMs, quietMs = defaultQuietMs, onReady = () => {} } = options;
  const first = await lookAt(directory, signal);
  if (first === null) return;
  if (first instanceof NidifyError) throw first;
  const root = realpathSync(directory);
  const trigger = createTrigger(quietMs, signal);
  const teller = tellerOf(since === undefined ? first.state : baselineOf(since, first.state));
  let folders: Folders | null = null;
  let pollMs = intervalMs ?? null;
  let timer: NodeJS.Timeout | undefined;

  const follow = (seen: Look) => {
    try {
      if (folders?.follow(seen.entries) === true) trigger.fire();
    } catch (error) {
      if (!(error instanceof CannotWatch)) throw error;
      folders = null;
      pollMs = fallbackIntervalMs;
      onReady({ kind: 'interval', intervalMs: pollMs, why: error.message });
    }
  };
  try {
    if (pollMs === null) {
      const inputs = () => teller.inputs();
      folders = watchFolders(root, claimedOr(inputs), trigger.fire);
    } else onReady({ kind: 'interval', intervalMs: pollMs, why: null });
    let seen: Look | NidifyError = first;
    let tookMs = 0;
    for (let isFirst = true; ; isFirst = false) {
      if (!(seen instanceof NidifyError)) follow(seen);
      if (isFirst && folders !== null) onReady({ kind: 'folders', folders: folders.size() });
      const event = teller.tell(seen);
      if (event !== null) yield event;
      if (pollMs !== null) timer = setTimeout(trigger.fire, Math.max(pollMs, workShare * tookMs));
      if (!(await trigger.next())) return;
      clearTimeout(timer);
      const began = performance.now();
      const next = await lookAt(root, signal);
      tookMs = performance.now() - began;
      if (next === null) return;
      if (next instanceof NidifyError && next.code === 'no-directory') throw next;
      seen = next;
    }
  } finally {
    clearTimeout(timer);
    trigger.close();
    folders?.close();
  }
}

/** @returns an error that is the repository's; null when nobody waits any more */
async function lookAt(
  directory: string,
  signal: AbortSignal | undefined,
): Promise<Look | NidifyError | null> {
  try {
    return await look(directory, signal);
  } catch (error) {
    if (signal?.aborted === true) return null;
    if (error instanceof NidifyError && error.exitCode !== ExitCode.temporary) return error;
    throw error;
  }
}

/** A plan says nothing of the text of the configuration: that is taken to be the one at the start. */
function baselineOf(plan: Plan, { plan: current, inputs }: Baseline): Baseline {
  const counted = new Set(current.repository.inputs.map(({ path }) => path));
  return {
    plan,
    inputs: {
      ...Object.fromEntries(Object.entries(inputs).filter(([path]) => !counted.has(path))),
      ...Object.fromEntries(plan.repository.inputs.map(({ path, blob }) => [path, blob])),
    },
  };
}

/** What is an input now, or would be one. */
function claimedOr(inputs: () => Baseline['inputs']): (path: string) => boolean {
  const isClaimed = claimedPaths();
  const isAnnounced = announcesLast(detectors);
  return (path) =>
    isClaimed(path) ||
    Object.hasOwn(inputs(), path) ||
    entryPoints({ paths: [path] }).length > 0 ||
    isAnnounced(path);
}

/** Tells every state once, as it differs from the first one. */
function tellerOf(start: Baseline) {
  let before = start;
  let latest = start.inputs;
  /** Digest, or what is wrong; what was told last. */
  let told = start.plan.repository.digest;
  return {
    inputs: () => latest,
    tell(seen: Look | NidifyError): EnvironmentEvent | null {
      const isError = seen instanceof NidifyError;
      const digest = isError ? `${seen.code}: ${seen.message}` : seen.state.plan.repository.digest;
      const isNews = digest !== told;
      told = digest;
      if (isError) {
        const { code, message, hint } = seen;
        if (!isNews) return null;
        return environmentUnknown(before, { code, message, hint: hint ?? null }, Date.now());
      }
      latest = seen.state.inputs;
      if (digest !== before.plan.repository.digest) {
        return isNews ? environmentChange(beforeOf(before), seen.state, Date.now()) : null;
      }
      // What of the lock decides nothing may differ; the commit is still the one at the start.
      before = { plan: before.plan, inputs: seen.state.inputs };
      return isNews ? environmentCurrent(before, Date.now()) : null;
    },
  };
}
