/** A file that nidify writes: path from the output folder, and its whole text (LF, one newline at the end). */
export interface GeneratedFile {
  path: string;
  text: string;
  mode: 0o644 | 0o755;
}

/** Where the files go. Both are relative, with `/`, and empty where the output folder is the repository's own. */
export interface Placing {
  /** From the repository's folder to the output folder. */
  output: string;
  /** And back. */
  repository: string;
}

export const inRepository: Placing = { output: '', repository: '' };

/** A path below another one; either may be empty. */
export function below(folder: string, path: string): string {
  return [folder, path].filter((each) => each !== '').join('/');
}
