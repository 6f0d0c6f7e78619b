import type { Lock } from '../lock/types.ts';
import { lockFileName } from '../lock/types.ts';
import type { GeneratedFile } from '../render/types.ts';
import { look, type Place, placeOf } from './disk.ts';
import { obsolete, ownership, previousLock } from './previous.ts';

export interface CheckOptions {
  /** The output folder. */
  directory: string;
  /** The repository's folder, when the output folder lies in it. */
  repository?: string;
  /** The lock that belongs to the files (`lockOf`): what would be written now. */
  lock: Lock;
}

/**
 * - `missing`: not there
 * - `stale`: as nidify wrote it, but the repository asks for something else now
 * - `edited`: changed by a person
 * - `foreign`: never nidify's
 * - `obsolete`: generated before, not needed any more
 */
export type ChangeState = 'missing' | 'stale' | 'edited' | 'foreign' | 'obsolete';

export interface FileChange {
  path: string;
  state: ChangeState;
}

/** An input of the plan whose content is not the one that the lock recorded. */
export interface InputChange {
  path: string;
  change: 'added' | 'removed' | 'modified';
}

export interface CheckResult {
  /** The generated files are what the repository asks for. */
  isCurrent: boolean;
  /** Files that differ from what would be written, in the order of writing. */
  changes: FileChange[];
  /** Why files may be stale. */
  inputs: InputChange[];
  /** Versions of nidify, when another one wrote the files; null otherwise. */
  generator: { recorded: string; running: string } | null;
  /** The only difference is the version of nidify: information, no staleness. */
  isGeneratorOnly: boolean;
}

/**
 * Compares what would be written with what stands on the disk.
 *
 * A changed input alone is no staleness: what counts is whether the files would differ.
 *
 * @throws NidifyError `unsafe-path` (6), `lock-invalid` (3), `lock-too-new` (4)
 */
export async function check(files: readonly GeneratedFile[], options: CheckOptions): Promise<CheckResult> {
  const place = placeOf(options.directory, options.repository);
  const previous = previousLock(place);
  const paths = new Set([...files.map((file) => file.path), lockFileName]);
  const changes = [
    ...files.flatMap((file) => changeOf(file, place, previous)),
    ...(previous === null ? [{ path: lockFileName, state: 'missing' as const }] : []),
    ...obsolete(place, previous, paths).map(({ path }) => ({ path, state: 'obsolete' as const })),
  ];
  const inputs = previous === null ? [] : inputChanges(previous.inputs, options.lock.inputs);
  const recorded = previous?.generator.version ?? null;
  const running = options.lock.generator.version;
  const generator = recorded === null || recorded === running ? null : { recorded, running };
  const isGeneratorOnly =
    generator !== null &&
    changes.length > 0 &&
    changes.every(({ state }) => state === 'stale' || state === 'obsolete') &&
    (inputs.length === 0 || files.every((file) => namesVersionOnly(file, place, generator)));
  return { isCurrent: changes.length === 0 || isGeneratorOnly, changes, inputs, generator, isGeneratorOnly };
}

function changeOf(file: GeneratedFile, place: Place, previous: Lock | null): FileChange[] {
  const existing = look(place, file.path);
  if (existing.kind === 'none') {
    // What never was written is no loss: the repository asks for more than it did.
    const wasWritten = previous === null || Object.hasOwn(previous.outputs, file.path);
    return [{ path: file.path, state: wasWritten ? 'missing' : 'stale' }];
  }
  if (existing.content?.equals(Buffer.from(file.text)) === true) {
    return isExecutable(existing.mode) === isExecutable(file.mode)
      ? []
      : [{ path: file.path, state: 'stale' }];
  }
  const states = { own: 'stale', edited: 'edited', foreign: 'foreign' } as const;
  const whose = ownership(file.path, existing.content, previous);
  return [{ path: file.path, state: states[whose] }];
}

/** Of the mode nothing else is kept: it is all that Git keeps. */
function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

/** Whether a file on disk differs in nothing but the version of nidify that it names. */
function namesVersionOnly(
  file: GeneratedFile,
  place: Place,
  { recorded, running }: NonNullable<CheckResult['generator']>,
): boolean {
  const existing = look(place, file.path);
  const text = existing.kind === 'file' ? existing.content?.toString('utf8') : undefined;
  if (text === undefined || existing.kind !== 'file') return false;
  if (isExecutable(existing.mode) !== isExecutable(file.mode)) return false;
  // In headers, and in the commands of CI.
  const now = [' ', '@'].reduce(
    (changed, sign) => changed.replaceAll(`nidify${sign}${recorded}`, `nidify${sign}${running}`),
    text,
  );
  return now === file.text;
}

/** What differs between the inputs that a lock recorded and those of now, by path. */
export function inputChanges(before: Lock['inputs'], now: Lock['inputs']): InputChange[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return paths.flatMap((path): InputChange[] => {
    if (!Object.hasOwn(before, path)) return [{ path, change: 'added' }];
    if (!Object.hasOwn(now, path)) return [{ path, change: 'removed' }];
    return before[path] === now[path] ? [] : [{ path, change: 'modified' }];
  });
}
