import type { Finding } from '../plan/schema.ts';

/** What a source lists: paths from its root with forward slashes, never starting with `./`. */
export interface Entry {
  path: string;
  kind: 'file' | 'directory' | 'symlink' | 'other';
}

/** Why a claimed file has no text. */
export type ReadProblem =
  | 'too-large'
  | 'unreadable'
  | 'not-a-file'
  | 'outside-root'
  | 'not-text'
  | 'total-limit';

export type ReadResult = { content: Uint8Array } | { problem: ReadProblem; detail: string };

export interface Limits {
  /** Entries of one tree. */
  entries: number;
  /** Folders below the root. */
  depth: number;
  /** Bytes of one file that people write. */
  fileBytes: number;
  /** Bytes of one lock file. */
  lockFileBytes: number;
  /** Bytes of all files that are read. */
  totalBytes: number;
}

export interface ListOptions {
  limits: Limits;
  /** Further patterns, in the syntax of `.gitignore`, from the root: nothing below them is seen. */
  ignore?: readonly string[];
  signal: AbortSignal | undefined;
}

export interface Listing {
  entries: Entry[];
  /** The listing is not the whole tree: a limit was reached. */
  truncated: 'entries' | 'depth' | null;
  findings: Finding[];
}

/** Where a repository is read from: a directory, or a Git tree without a checkout. */
export interface Source {
  list(options: ListOptions): Promise<Listing>;
  /** Reads many files at once, each bounded; the answers come in the order of the paths. */
  read(paths: readonly string[], options: ListOptions): Promise<ReadResult[]>;
  /** Facts of Git, without credentials; null outside Git. */
  facts(): Promise<GitFacts | null>;
}

/** The tree of a commit. */
export interface TreeSource extends Source {
  /** Path of every file and symbolic link of the commit, ignored or not, to the id of its blob. */
  blobs(options: ListOptions): Promise<ReadonlyMap<string, string>>;
}

export interface GitFacts {
  url: string | null;
  branch: string | null;
  commit: string | null;
  /** When the commit was made, in UTC; only where Git was asked. In no plan. */
  committed?: string;
}

/** A file that a detector claims. */
export interface ClaimedFile {
  path: string;
  /** Git blob id of its content; null where only its presence matters or it could not be read. */
  blob: string | null;
  /** Decoded, without byte order mark; null where it was not or could not be read. */
  text: string | null;
  /** Nobody has to be able to read it, and only what is read of it is an input: see `Hints`. */
  isHint?: true;
}

/** What leaves the scan: plain values; everything after it is pure. */
export interface Inventory {
  /** Every file (symbolic links included) that is not ignored, sorted by code unit. */
  paths: readonly string[];
  /** Claimed files by path, in the order of `paths`. */
  files: ReadonlyMap<string, ClaimedFile>;
  source: GitFacts | null;
  findings: Finding[];
}

/**
 * Files that may say something but are no manifests: scripts, Dockerfiles, workflows. One that is too large,
 * no text or malformed is passed over in silence, and one that gave no evidence is no input of the plan: such
 * files change with every commit.
 */
export interface Hints {
  /** Exact names: `Dockerfile`. */
  names?: readonly string[];
  /** Endings, with their dot: `.sh`. */
  endings?: readonly string[];
  /** Folders from the root whose files (not those of folders below) are seen: `.github/workflows`. */
  folders?: readonly string[];
}

/**
 * Which files an ecosystem wants to see, by their last path component.
 * Claimed files are read (bounded) and hashed; presence claims are only noted.
 */
export interface Claims {
  /** Exact names: `package.json`. */
  names?: readonly string[];
  /** Exact names of lock files, which tools write: far larger than what people do, and read as such. */
  locks?: readonly string[];
  /** Endings, with their dot: `.csproj`. */
  endings?: readonly string[];
  /** Whole paths from the root, for names too common to claim everywhere: `.cargo/config.toml`. */
  suffixes?: readonly string[];
  /** Names whose presence alone matters: `bun.lockb`, `main.py`. */
  presence?: readonly string[];
  /** Endings, with their dot, of files whose presence alone matters: `.uproject`. */
  presenceEndings?: readonly string[];
  hints?: Hints;
  /** Of the names above, those that repositories of other ecosystems have too. */
  common?: CommonNames;
  /** Of the names above, those that other programs have too: what must be in such a file, or beside it. */
  signs?: readonly Sign[];
  /**
   * Names under which asdf and mise know what is this ecosystem's: of the version files that many ecosystems share, only
   * those that name one announce it.
   */
  versionTools?: readonly string[];
}

/** Files that are read where they are there, but announce an ecosystem only beside a source of its own. */
export interface CommonNames {
  names: readonly string[];
  /** Endings that files of others have too, with their dot. */
  endings?: readonly string[];
  /** Endings of sources, with their dot; without any, the names announce nothing. */
  sources: readonly string[];
}

/** What makes a file with a common name a sign of an ecosystem; all of it is there. */
export interface Sign {
  names: readonly string[];
  /** In the text of the file. */
  text: RegExp;
  /** One of these, from one of these folders, which are from the file's. */
  beside?: { folders: readonly string[]; names: readonly string[] };
}
