/** Events from states: pure. */
import { changePriority } from '../events/emitter.ts';
import type {
  ChangedFile,
  EnvironmentChange,
  EnvironmentCurrent,
  EnvironmentUnknown,
} from '../events/environment-change.ts';
import { changesOf } from '../plan/changes.ts';
import type { Evidence, Plan } from '../plan/schema.ts';

/** What the environment in use was made of. */
export interface Baseline {
  plan: Plan;
  inputs: Readonly<Record<string, string | null>>;
}

/** What is known of the environment in use: of an image less than of a plan. */
export interface Before {
  inputs: Baseline['inputs'];
  /** `repository.digest` of its plan. */
  digest: string;
  commit: string | null;
  /** Null where it is not at hand: then nothing is said of what removed files were for. */
  plan: Plan | null;
}

export function beforeOf({ plan, inputs }: Baseline): Before {
  const { digest, source } = plan.repository;
  return { inputs, digest, commit: source?.commit ?? null, plan };
}

/** Evidence of one file: as much as a reader takes in. */
const maxEvidence = 10;
/** Names in a message. */
const maxNames = 3;

/** @param now milliseconds since 1970 */
export function environmentChange(before: Before, after: Baseline, now: number): EnvironmentChange {
  const files = changedFiles(before, after);
  const was = before.commit;
  const is = after.plan.repository.source?.commit ?? null;
  return {
    schemaVersion: 1,
    type: 'environment-change',
    time: new Date(now).toISOString(),
    priority: changePriority,
    files,
    stale: is === was ? ['environment'] : ['environment', 'repository'],
    digestBefore: before.digest,
    digestNow: after.plan.repository.digest,
    message: messageOf(files),
  };
}

export function environmentCurrent({ plan }: Baseline, now: number): EnvironmentCurrent {
  const { digest } = plan.repository;
  return {
    schemaVersion: 1,
    type: 'environment-current',
    time: new Date(now).toISOString(),
    priority: 0,
    digestBefore: digest,
    digestNow: digest,
    message: 'the environment is current again',
  };
}

export function environmentUnknown(
  { plan }: Baseline,
  error: EnvironmentUnknown['error'],
  now: number,
): EnvironmentUnknown {
  return {
    schemaVersion: 1,
    type: 'environment-unknown',
    time: new Date(now).toISOString(),
    priority: 0,
    digestBefore: plan.repository.digest,
    error,
    message: oneLine(`what the environment must be is not known: ${error.message}`),
  };
}

function changedFiles(before: Before, after: Baseline): ChangedFile[] {
  const now = Object.entries(after.inputs).map(([path, blob]) => ({ path, blob }));
  const { added, removed, changed } = changesOf(before.inputs, now);
  const [was, is] = [evidenceByFile(before.plan), evidenceByFile(after.plan)];
  const file = (path: string, state: ChangedFile['state'], evidence: ReadonlyMap<string, Evidence[]>) => ({
    path,
    state,
    because: evidence.get(path) ?? [],
  });
  return [
    ...added.map((path) => file(path, 'added', is)),
    ...changed.map((path) => file(path, 'changed', is)),
    ...removed.map((path) => file(path, 'removed', was)),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** All that a plan gives as a reason, wherever it stands in it. */
function evidenceByFile(plan: Plan | null): Map<string, Evidence[]> {
  const found = new Map<string, Evidence[]>();
  const seen = new Set<string>();
  const add = (evidence: Evidence) => {
    const { file, line, text, rule } = evidence;
    const key = JSON.stringify([file, line, rule]);
    const list = found.get(file) ?? [];
    if (seen.has(key) || list.length >= maxEvidence) return;
    seen.add(key);
    found.set(file, [...list, { file, line, text, rule }]);
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const each of value) visit(each);
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, each] of Object.entries(value)) {
        if (name === 'because' && Array.isArray(each)) for (const one of each as Evidence[]) add(one);
        else visit(each);
      }
    }
  };
  visit(plan);
  return found;
}

function messageOf(files: readonly ChangedFile[]): string {
  if (files.length === 0) return 'the environment is stale: another version or setting of nidify made it';
  const verbs = { added: 'was added', changed: 'changed', removed: 'was removed' };
  const named = files.slice(0, maxNames).map(({ path, state }) => `${oneLine(path)} ${verbs[state]}`);
  const rest = files.length - named.length;
  const more = rest === 0 ? [] : [rest === 1 ? 'one more file differs' : `${rest} more files differ`];
  return `the environment is stale: ${[...named, ...more].join(', ')}`;
}

/** Without what would end a line or steer a terminal, or reorder the text around it. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ');
}
