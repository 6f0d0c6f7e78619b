import { structuredPatch } from 'diff';
import type { GeneratedFile } from '../render/types.ts';
import { look, placeOf } from './disk.ts';

/**
 * The difference between the disk and what would be written, as a patch that `git apply` takes; empty when
 * there is none.
 *
 * @throws NidifyError `unsafe-path` (6)
 */
export function diffOf(
  files: readonly GeneratedFile[],
  { directory, repository }: { directory: string; repository?: string },
): string {
  const place = placeOf(directory, repository);
  return files
    .map((file) => {
      const existing = look(place, file.path);
      if (existing.kind === 'none') return patchOf(file, null);
      const text = existing.content?.toString('utf8') ?? '';
      const mode = modeOf(file, existing.mode);
      return text === file.text && mode.length === 0 ? '' : patchOf(file, text, mode);
    })
    .join('');
}

/** Git keeps whether a file may be started, and no more. */
function modeOf(file: GeneratedFile, before: number): string[] {
  if ((before & 0o100) === (file.mode & 0o100)) return [];
  const old = (before & 0o100) === 0 ? '644' : '755';
  return [`old mode 100${old}`, `new mode 100${file.mode.toString(8)}`];
}

function patchOf(file: GeneratedFile, before: string | null, mode: readonly string[] = []): string {
  const { hunks } = structuredPatch(file.path, file.path, before ?? '', file.text, '', '', { context: 3 });
  const lines = [
    `diff --git a/${file.path} b/${file.path}`,
    ...(before === null ? [`new file mode 100${file.mode.toString(8)}`] : mode),
    ...(before === file.text
      ? []
      : [`--- ${before === null ? '/dev/null' : `a/${file.path}`}`, `+++ b/${file.path}`]),
  ];
  for (const hunk of hunks) {
    lines.push(`@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`);
    lines.push(...hunk.lines);
  }
  return `${lines.join('\n')}\n`;
}

/** An empty range counts from the line before it. */
function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}
