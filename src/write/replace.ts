import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isErrno } from '../errors.ts';
import { type Existing, notAccessible, type Place, parentsOf, targetOf } from './disk.ts';

/** One change of the disk; `text` null removes the file. */
export interface Change {
  path: string;
  text: string | null;
  mode: number;
  /** What stood there when it was looked at: put back when a later change fails. */
  before: Existing;
}

/**
 * Makes all changes or none: every new content first goes to a temporary file in its own folder, then all
 * are renamed into place; when one fails, those before it are undone.
 *
 * @throws NidifyError `not-accessible` (exit 6) with what the system said
 */
export function apply(place: Place, changes: readonly Change[]): void {
  const undo: (() => void)[] = [];
  try {
    const staged = changes.map((change) => stage(place, change, undo));
    for (const [at, change] of changes.entries()) commit(place, change, staged[at] ?? null, undo);
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    throw isErrno(error) ? notAccessible(error) : error;
  }
}

/** Removes folders that hold nothing any more, from the innermost up; never the repository's own. */
export function removeEmptyFolders(place: Place, paths: readonly string[]): void {
  for (const relative of paths) {
    for (const folder of parentsOf(place, targetOf(place, relative)).reverse()) {
      if (!folder.startsWith(place.directory)) break;
      attempt(() => rmdirSync(folder));
    }
  }
}

function stage(place: Place, change: Change, undo: (() => void)[]): string | null {
  if (change.text === null) return null;
  const target = targetOf(place, change.path);
  makeFolders(path.dirname(target), undo);
  const temporary = path.join(path.dirname(target), `.nidify-${randomBytes(8).toString('hex')}.tmp`);
  undo.push(() => rmSync(temporary, { force: true }));
  // "wx" never follows a link and never opens what is there already.
  writeFileSync(temporary, change.text, { flag: 'wx', mode: change.mode });
  chmodSync(temporary, change.mode);
  return temporary;
}

function commit(place: Place, change: Change, temporary: string | null, undo: (() => void)[]): void {
  const target = targetOf(place, change.path);
  if (temporary === null) rmSync(target, { force: true });
  else renameSync(temporary, target);
  undo.push(() => restore(target, change.before));
}

function restore(target: string, before: Existing): void {
  if (before.kind === 'none' || before.content === null) {
    if (before.kind === 'none') rmSync(target, { force: true });
    return;
  }
  const temporary = `${target}.${randomBytes(8).toString('hex')}.tmp`;
  writeFileSync(temporary, before.content, { flag: 'wx', mode: before.mode });
  renameSync(temporary, target);
}

/**
 * `mkdir -p`, one folder at a time: the recursive one never returns where the system refuses a folder as if
 * its parent were missing, as /proc does.
 */
function makeFolders(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return;
  makeFolders(path.dirname(folder), undo);
  mkdirSync(folder);
  undo.push(() => rmdirSync(folder));
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // What cannot be undone stays; the first error is the one to tell.
  }
}
