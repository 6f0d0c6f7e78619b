/** What a build.zig says that can be read without running it. */
import { lineAt, lineCounter } from '../../text/lines.ts';

export interface ZigScript {
  /** Names of programs. */
  programs: string[];
  /** Steps by name: `run`, `test`. */
  steps: string[];
  /** Libraries of the system, with the line that links each. */
  libraries: { name: string; line: number }[];
  /** The release line that its calls are of, where they are of one only: `0.11`, `0.14`. */
  era: { from: string; to: string | null; line: number } | null;
}

/**
 * Calls of the build system that came or went with a release:
 * https://ziglang.org/download/0.11.0/release-notes.html#Zig-Build-System and those of 0.12, 0.13, 0.14, 0.15.
 */
const signs: readonly { pattern: RegExp; from: string | null; to: string | null }[] = [
  {
    pattern: /\bstandardReleaseOptions\s*\(|\.setBuildMode\s*\(|\bstd\.build\.Builder\b/,
    from: null,
    to: '0.11',
  },
  { pattern: /\bstandardOptimizeOption\s*\(|\binstallArtifact\s*\(/, from: '0.11', to: null },
  { pattern: /\bb\.path\s*\(/, from: '0.13', to: null },
  { pattern: /\.root_source_file\s*=\s*\.\{\s*\.path\s*=/, from: '0.11', to: '0.13' },
  { pattern: /\broot_module\s*=|\bcreateModule\s*\(\s*\.\{[^}]*\.target\b/, from: '0.14', to: null },
];

export function readZigScript(source: string): ZigScript {
  const text = source.replace(/\/\/[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const programs: string[] = [];
  for (const match of text.matchAll(/\baddExecutable\s*\(\s*\.\{/g)) {
    const body = text.slice(match.index, match.index + 2000);
    const name = /\.name\s*=\s*"(?<name>[^"\n]{1,100})"/.exec(body)?.groups?.name;
    if (name !== undefined) programs.push(name);
  }
  const steps = [...text.matchAll(/\.step\s*\(\s*"(?<name>[^"\n]{1,100})"/g)].map(
    ({ groups }) => groups?.name ?? '',
  );
  const lineOf = lineCounter(text);
  const libraries = [...text.matchAll(/\blinkSystemLibrary2?\s*\(\s*"(?<name>[^"\n]{1,100})"/g)].map(
    (match) => ({
      name: match.groups?.name ?? '',
      line: lineOf(match.index),
    }),
  );
  return { programs, steps, libraries: libraries.slice(0, 200), era: eraOf(text) };
}

function eraOf(text: string): ZigScript['era'] {
  let from: string | null = null;
  let to: string | null = null;
  let line = 0;
  for (const sign of signs) {
    const found = sign.pattern.exec(text);
    if (found === null) continue;
    line ||= lineAt(text, found.index);
    if (sign.from !== null && (from === null || minor(sign.from) > minor(from))) from = sign.from;
    if (sign.to !== null && (to === null || minor(sign.to) < minor(to))) to = sign.to;
  }
  if (from === null && to === null) return null;
  if (from !== null && to !== null && minor(from) >= minor(to)) return null;
  return { from: from ?? '0.5', to, line };
}

function minor(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}
