/** A file that nidify writes: path from the output folder, and its whole text (LF, one newline at the end). */
export interface GeneratedFile {
  path: string;
  text: string;
  mode: 0o644 | 0o755;
}
