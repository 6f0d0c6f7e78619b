/** A parsed file: its value as plain data, and where in the text a part of it stands. */
export interface ParsedDocument {
  value: unknown;
  /**
   * First line (from 1) of the key or item at this path; of the nearest parent that exists when there is
   * no such part; null when nothing can be said.
   */
  line(path: readonly (string | number)[]): number | null;
}

export interface ParseProblem {
  /** From 1; null when the parser does not say. */
  line: number | null;
  /** One sentence without file name or line. */
  message: string;
}

export type ParseResult = { document: ParsedDocument } | { problem: ParseProblem };

/** What deep nesting gives, in every parser that recurses. */
export const tooDeep: ParseProblem = { line: null, message: 'nested too deeply' };
