import type { Io } from '../../src/cli/io.ts';
import { print } from '../../src/cli/terminal/text.ts';

/** An `Io` that keeps what is printed, without colours. */
export function capturedIo(parts: Partial<Io> = {}): Io & { stdout(): string; stderr(): string } {
  let stdout = '';
  let stderr = '';
  return {
    out(lines) {
      stdout += print(lines, false);
    },
    raw(text) {
      stdout += text;
    },
    err(lines) {
      stderr += print(lines, false);
    },
    status() {},
    columns: 80,
    cwd: process.cwd(),
    env: {},
    signal: new AbortController().signal,
    ...parts,
    stdout: () => stdout,
    stderr: () => stderr,
  };
}
