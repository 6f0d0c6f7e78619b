import type { UpdateResult } from '../results/index.ts';
import { table } from '../terminal/table.ts';
import { dim, green, type Line } from '../terminal/text.ts';
import { findingLines, heading } from './parts.ts';

/** Which pins and versions moved, and what was written. */
export function updatedView(result: UpdateResult, columns: number, quiet: boolean): Line[] {
  const { pins, images = [], versions, files, dryRun } = result;
  const problems = result.findings.filter(
    ({ severity }) => severity === (quiet ? 'error' : severity) && severity !== 'info',
  );
  const sections: Line[][] = [
    quiet ? [] : [heading('Pins'), ...table([...pins.map(pinRow), ...images.map(imageRow)], { columns })],
    quiet || versions.length === 0
      ? []
      : [heading('Versions'), ...table(versions.map(versionRow), { columns })],
    quiet ? [] : written(files, dryRun),
    problems.length === 0 ? [] : [heading('Findings'), ...findingLines(problems, columns)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]));
}

function pinRow({ channel, from, to }: UpdateResult['pins'][number]): Line[] {
  const short = (rev: string) => rev.slice(0, 12);
  return [
    [channel],
    from === to ? [short(to), dim('  is the newest already')] : [`${short(from)} → `, green(short(to))],
  ];
}

function imageRow({ reference, from, to }: NonNullable<UpdateResult['images']>[number]): Line[] {
  const short = (digest: string | null) => (digest ?? 'its tag').slice(0, 19);
  return [
    [reference],
    from === to ? [short(to), dim('  is the newest already')] : [`${short(from)} → `, green(short(to))],
  ];
}

function versionRow({ key, from, to }: UpdateResult['versions'][number]): Line[] {
  return [[key], [`${from ?? 'unknown'} → `, to === null ? dim('gone') : green(to)]];
}

function written(files: UpdateResult['files'], dryRun: boolean): Line[] {
  const changed = files.filter(({ state }) => state !== 'unchanged').map(({ path }) => path);
  if (changed.length === 0) return [['No file changes.']];
  return [[dryRun ? `Would write ${changed.join(', ')}.` : `Wrote ${changed.join(', ')}.`]];
}
