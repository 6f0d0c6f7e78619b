/** What build files of C and C++ say, whichever tool reads them. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { FindingNeed } from '../types.ts';

/** A library or program by the name that a build looks it up by. */
export interface Wanted {
  /** Names of the catalogue: the first that is there serves. */
  keys: readonly string[];
  /** The build fails without it, as far as that is known. */
  isRequired: boolean;
  because: Evidence;
}

export interface Said<T> {
  value: T;
  because: Evidence;
}

export interface BuildFacts {
  name: string | null;
  /** `c`, `cpp`, `fortran`, …; null where the build does not say. */
  languages: string[] | null;
  wanted: Wanted[];
  /** Ids of programs of the catalogue. */
  tools: Said<string>[];
  /** Compilers as named: `clang`, `clang++-17`, `gcc-13`. */
  compilers: Said<string>[];
  /** Whether it is said by which standard C is read. */
  saysStandard: boolean;
  variables: Said<{ name: string; value: string }>[];
  commands: Partial<Commands>;
  /** Libraries are fetched while it is configured. */
  fetches: Evidence | null;
  findings: FindingNeed[];
  because: Evidence[];
}

export function emptyFacts(because: Evidence): BuildFacts {
  return {
    name: null,
    languages: null,
    wanted: [],
    tools: [],
    compilers: [],
    saysStandard: false,
    variables: [],
    commands: {},
    fetches: null,
    findings: [],
    because: [because],
  };
}

/** Names go into commands as they are only where no shell reads anything in them. */
export function isPlainWord(text: string): boolean {
  return text.length <= 200 && /^[\w.@%+=:,/-]+$/.test(text) && !text.startsWith('-');
}
