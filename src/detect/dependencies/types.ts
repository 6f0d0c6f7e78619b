import type { ClaimedFile } from '../../scan/types.ts';

export type Registry =
  | 'npm'
  | 'pypi'
  | 'go'
  | 'crates'
  | 'maven'
  | 'nuget'
  | 'rubygems'
  | 'packagist'
  | 'hex'
  | 'hackage'
  | 'pub'
  | 'cmake';

/** A direct dependency as a manifest writes it. */
export interface DeclaredDependency {
  registry: Registry;
  /** As the registry knows it: `org.testcontainers:postgresql`, `github.com/ory/dockertest`. */
  name: string;
  /** Only for developing and testing, as far as the manifest says. */
  isDevelopment: boolean;
  /** From 1; found only when asked for: it may cost a second parse. */
  line(): number | null;
}

/** Pure: reads one manifest. A malformed one has no dependencies. */
export type ReadDependencies = (file: ClaimedFile) => Promise<DeclaredDependency[]> | DeclaredDependency[];

/** Names of groups, files and configurations that are for development. */
const development =
  /(^|[^a-z])(dev|devel|development|test|tests|testing|ci|lint|e2e|it|integration|bench)([^a-z]|$)/i;

export function isForDevelopment(name: string): boolean {
  return development.test(name);
}

/** Longer lines are no declarations that a person wrote. */
export const maxLine = 1000;

/** Lines with their number, shortened; those that a comment begins left out. */
export function linesOf({ text }: ClaimedFile, comment: RegExp): { line: string; number: number }[] {
  return (text ?? '').split('\n').flatMap((whole, at) => {
    const line = whole.slice(0, maxLine);
    return comment.test(line) ? [] : [{ line, number: at + 1 }];
  });
}
