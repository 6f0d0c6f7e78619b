import { ExitCode, NidifyError } from '../errors.ts';
import { lockFile } from '../lock/make.ts';
import type { Lock } from '../lock/types.ts';
import type { GeneratedFile } from '../render/types.ts';
import { type Existing, look, type Place, placeOf } from './disk.ts';
import { obsolete, ownership, previousLock } from './previous.ts';
import { apply, type Change, removeEmptyFolders } from './replace.ts';

export interface WriteOptions {
  /** The output folder; made when it is not there. */
  directory: string;
  /** The repository's folder, when the output folder lies in it: links between the two are refused. */
  repository?: string;
  /** The lock that belongs to the files (`lockOf`): written as `nidify.lock` beside them. */
  lock: Lock;
  /** Overwrite what a person wrote or edited. */
  force?: boolean;
  /** Say what would be done, and do nothing. */
  dryRun?: boolean;
  /** What the hint of a refusal offers for `--output`. */
  elsewhere?: string;
}

/** `kept`: generated before, not needed any more, but edited by a person. */
export type WriteState = 'created' | 'updated' | 'unchanged' | 'removed' | 'kept';

export interface WrittenFile {
  path: string;
  state: WriteState;
}

interface Decision extends WrittenFile {
  change: Change | null;
  refusal: string | null;
}

/**
 * Writes generated files and their lock: all or none, each replaced atomically, never through a symbolic
 * link, unchanged ones not touched. Files of the previous lock that are not generated any more go, unless
 * they were edited.
 *
 * @throws NidifyError `would-overwrite` (exit 6) when a file is not nidify's or was edited since,
 *   `unsafe-path` and `not-accessible` (exit 6), `lock-invalid` (3), `lock-too-new` (4)
 */
export async function write(files: readonly GeneratedFile[], options: WriteOptions): Promise<WrittenFile[]> {
  const place = placeOf(options.directory, options.repository);
  const previous = options.force === true ? lockOrNone(place) : previousLock(place);
  const all = [...files, lockFile(options.lock)];
  const paths = new Set(all.map((file) => file.path));
  const decisions = [
    ...all.map((file) => decide(file, look(place, file.path), previous, options.force === true)),
    ...obsolete(place, previous, paths).map(({ path, existing, ownership }): Decision => {
      const isOwn = ownership === 'own';
      const change = isOwn ? { path, text: null, mode: 0, before: existing } : null;
      return { path, state: isOwn ? 'removed' : 'kept', change, refusal: null };
    }),
  ];
  const refusals = decisions.flatMap(({ refusal }) => (refusal === null ? [] : [refusal]));
  if (refusals.length > 0) throw wouldOverwrite(refusals, decisions, options.elsewhere ?? '.nidify');
  if (options.dryRun !== true) {
    apply(
      place,
      decisions.flatMap(({ change }) => (change === null ? [] : [change])),
    );
    removeEmptyFolders(
      place,
      decisions.filter(({ state }) => state === 'removed').map(({ path }) => path),
    );
  }
  return decisions.map(({ path, state }) => ({ path, state }));
}

/** With `--force` a lock that cannot be read is one more file to replace. */
function lockOrNone(place: Place): Lock | null {
  try {
    return previousLock(place);
  } catch (error) {
    if (error instanceof NidifyError && error.code === 'lock-invalid') return null;
    throw error;
  }
}

function decide(file: GeneratedFile, before: Existing, previous: Lock | null, force: boolean): Decision {
  const change: Change = { path: file.path, text: file.text, mode: file.mode, before };
  if (before.kind === 'none') return { path: file.path, state: 'created', change, refusal: null };
  if (before.content?.equals(Buffer.from(file.text)) === true) {
    const isExecutable = (before.mode & 0o100) !== 0;
    if (isExecutable === ((file.mode & 0o100) !== 0)) {
      return { path: file.path, state: 'unchanged', change: null, refusal: null };
    }
    return { path: file.path, state: 'updated', change, refusal: null };
  }
  const whose = ownership(file.path, before.content, previous);
  return { path: file.path, state: 'updated', change, refusal: force ? null : refusalOf(file.path, whose) };
}

function refusalOf(path: string, whose: ReturnType<typeof ownership>): string | null {
  if (whose === 'own') return null;
  return whose === 'edited'
    ? `${path} was edited after nidify wrote it`
    : `${path} was not written by nidify`;
}

function wouldOverwrite(refusals: string[], decisions: Decision[], elsewhere: string): NidifyError {
  const isOwnFlake = decisions.some(
    ({ path, refusal }) => path === 'flake.nix' && refusal?.includes('not written') === true,
  );
  const output = `write beside it with \`--output ${elsewhere}\``;
  return new NidifyError({
    code: 'would-overwrite',
    message: `nothing was written: ${refusals.join('; ')}`,
    hint: isOwnFlake
      ? `This repository has a flake of its own: ${output}, or replace it with \`--force\`.`
      : `See the difference with \`nidify --diff\`; overwrite with \`--force\`, or ${output}.`,
    exitCode: ExitCode.refused,
  });
}
