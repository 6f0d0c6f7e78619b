import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import type { ManifestFile } from './render.ts';

const mark = '# Written by nidify ';

/**
 * Writes manifests into a folder. A file that nidify did not write is left, and then nothing is written.
 *
 * @throws NidifyError `foreign-file` (exit 6), `not-written` (5)
 */
export function writeManifests(directory: string, files: readonly ManifestFile[], force: boolean): void {
  const foreign = force ? [] : files.filter((file) => !isOwn(path.join(directory, file.name), file));
  if (foreign.length > 0) {
    throw new NidifyError({
      code: 'foreign-file',
      message: `not written by nidify, or edited: ${foreign.map(({ name }) => path.join(directory, name)).join(', ')}`,
      hint: 'Choose another --output, or give --force.',
      exitCode: ExitCode.refused,
    });
  }
  try {
    mkdirSync(directory, { recursive: true });
    for (const { name, content } of files) {
      const file = path.join(directory, name);
      const beside = `${file}.${process.pid}.tmp`;
      writeFileSync(beside, content, { flag: 'wx' });
      // In the place of a link, not through it.
      renameSync(beside, file);
    }
  } catch (cause) {
    throw new NidifyError({
      code: 'not-written',
      message: `the manifests cannot be written: ${cause instanceof Error ? cause.message : cause}`,
      hint: 'Choose another --output.',
      exitCode: ExitCode.buildFailed,
      cause,
    });
  }
}

function isOwn(file: string, { name, content }: ManifestFile): boolean {
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined) return true;
  if (!there.isFile()) return false;
  const text = readFileSync(file, 'utf8');
  return text === content || (name.endsWith('.yaml') && text.startsWith(mark));
}
