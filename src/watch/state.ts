/** What a working tree asks for at one moment, and where it must be looked at for changes. */
import path from 'node:path';
import { analyze } from '../analyze.ts';
import { decisiveInputs } from '../decisive-inputs.ts';
import { lockFileName } from '../lock/types.ts';
import type { Plan } from '../plan/schema.ts';
import { directorySource } from '../scan/directory.ts';
import type { Entry, Source } from '../scan/types.ts';
import { lockedIn } from '../write/locked.ts';
import { existingOutput } from '../write/output.ts';

/** Plan and files, as much of them as decides about the environment. */
export interface State {
  plan: Plan;
  /** Blob id by path: the plan's inputs, the configuration, and the lock where its pins count. */
  inputs: Record<string, string | null>;
}

/** What a look found: a state, and all folders and links that were seen on the way. */
export interface Look {
  state: State;
  entries: readonly Entry[];
}

/**
 * Analyses a directory as `generate` would.
 *
 * @throws NidifyError as `analyze` and reading the lock
 */
export async function look(directory: string, signal: AbortSignal | undefined): Promise<Look> {
  let entries: readonly Entry[] = [];
  const source = directorySource(directory);
  const observed: Source = {
    ...source,
    async list(options) {
      const listing = await source.list(options);
      entries = listing.entries.filter(({ kind }) => kind === 'directory' || kind === 'symlink');
      return listing;
    },
  };
  const output = existingOutput(directory);
  const locked = lockedIn(output, directory);
  const plan = await analyze(observed, { locked, ...(signal === undefined ? {} : { signal }) });
  const at = path.posix.join(path.relative(directory, output).split(path.sep).join('/'), lockFileName);
  const inputs = await decisiveInputs(
    plan,
    source,
    locked === null ? null : { lock: locked, path: at },
    signal,
  );
  return { state: { plan, inputs }, entries };
}
