import { bold, cyan, green, type Line, red } from '../terminal/text.ts';

/** A patch with colours; without them it is the patch itself, so long as no file has control characters. */
export function diffView(patch: string): Line[] {
  if (patch === '') return [];
  return patch
    .slice(0, -1)
    .split('\n')
    .map((line): Line => {
      if (/^(diff |--- |\+\+\+ |new file)/.test(line)) return [bold(line)];
      if (line.startsWith('@@')) return [cyan(line)];
      if (line.startsWith('+')) return [green(line)];
      return line.startsWith('-') ? [red(line)] : [line];
    });
}
