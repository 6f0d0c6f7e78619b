import { createHash } from 'node:crypto';
import type { Finding } from '../plan/schema.ts';
import { claimMatcher } from './claims.ts';
import { decode } from './decode.ts';
import { scanFinding } from './finding.ts';
import { defaultLimits, manifestShare } from './limits.ts';
import type {
  ClaimedFile,
  Claims,
  Entry,
  Inventory,
  Limits,
  ListOptions,
  ReadProblem,
  ReadResult,
  Source,
} from './types.ts';

export interface ScanOptions {
  claims: readonly Claims[];
  limits?: Partial<Limits> | undefined;
  /** Patterns in the syntax of `.gitignore`. */
  ignore?: readonly string[] | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Lists a source once, reads the claimed files once, and hashes them as Git would.
 *
 * Nothing that a repository holds makes it fail: what cannot be listed or read becomes a finding.
 */
export async function scan(source: Source, options: ScanOptions): Promise<Inventory> {
  const limits = { ...defaultLimits, ...options.limits };
  const bounds = { limits, ignore: options.ignore ?? [], signal: options.signal };
  const [listing, facts] = await Promise.all([source.list(bounds), source.facts()]);
  const findings = [...listing.findings];
  if (listing.truncated !== null) findings.push(truncated(listing.truncated, limits));

  const claim = claimMatcher(options.claims);
  const paths: string[] = [];
  const presences: string[] = [];
  const manifests: string[] = [];
  const locks: string[] = [];
  const hints: string[] = [];
  for (const entry of listing.entries.sort(byPath)) {
    const kind = claim(entry.path);
    if (entry.kind === 'directory' || entry.kind === 'other') {
      if ((kind === 'content' || kind === 'lock') && promisesFile(entry)) findings.push(notAFile(entry));
      continue;
    }
    paths.push(entry.path);
    if (kind === 'content') manifests.push(entry.path);
    else if (kind === 'lock') locks.push(entry.path);
    else if (kind === 'hint') hints.push(entry.path);
    else if (kind === 'presence') presences.push(entry.path);
  }

  const files = new Map<string, ClaimedFile>();
  const { fileBytes, lockFileBytes, totalBytes } = limits;
  const shares: [string[], Limits][] = [
    [manifests.sort(byDepth), { ...limits, fileBytes, totalBytes: Math.floor(totalBytes * manifestShare) }],
    [locks.sort(byDepth), { ...limits, fileBytes: lockFileBytes }],
  ];
  for (const [wanted, within] of shares) {
    const results = await source.read(wanted, { ...bounds, limits: within });
    const unread = wanted.filter((path, at) => {
      const result = results[at];
      files.set(path, claimed(path, result, findings));
      return result !== undefined && 'problem' in result && result.problem === 'total-limit';
    });
    if (unread[0] !== undefined) findings.push(totalReached(unread[0], unread.length, within));
  }
  for (const file of await hinted(source, hints.sort(byDepth), bounds)) files.set(file.path, file);
  for (const path of presences) files.set(path, { path, blob: null, text: null });
  return { paths, files: new Map([...files].sort(([a], [b]) => compare(a, b))), source: facts, findings };
}

/** As many hints as any repository has of use; each is far smaller than a manifest may be. */
const maxHints = 4000;
const maxHintBytes = 256 * 1024;

/** Hints, nearest to the root first, each read where it can be; nothing is told of those that cannot. */
export async function hinted(
  source: Source,
  paths: readonly string[],
  bounds: ListOptions,
): Promise<ClaimedFile[]> {
  const wanted = paths.slice(0, maxHints);
  const limits = {
    ...bounds.limits,
    fileBytes: Math.min(bounds.limits.fileBytes, maxHintBytes),
    totalBytes: Math.floor(bounds.limits.totalBytes * manifestShare),
  };
  const results = await source.read(wanted, { ...bounds, limits });
  return wanted.map((path, at) => ({ ...claimed(path, results[at], []), isHint: true }));
}

/** Reads one more file of a source, as a scan reads those that are claimed. */
export async function readOne(source: Source, path: string, bounds: ListOptions): Promise<ClaimedFile> {
  const [result] = await source.read([path], bounds);
  return claimed(path, result, []);
}

function claimed(path: string, result: ReadResult | undefined, findings: Finding[]): ClaimedFile {
  if (result === undefined) return { path, blob: null, text: null };
  if ('problem' in result) {
    if (result.problem !== 'total-limit') findings.push(unread(path, result.problem, result.detail));
    return { path, blob: null, text: null };
  }
  const blob = blobId(result.content);
  const decoded = decode(result.content);
  if (decoded === null) {
    findings.push(unread(path, 'not-text', 'it holds NUL bytes'));
    return { path, blob, text: null };
  }
  if (decoded.isLossy) {
    findings.push(
      scanFinding('not-utf-8', 'warning', path, `${path} is not valid UTF-8`, 'Save it as UTF-8.'),
    );
  }
  return { path, blob, text: decoded.text };
}

/** Git's id of a blob: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

const reasons: Record<Exclude<ReadProblem, 'total-limit'>, string> = {
  'too-large': 'is too large to be a manifest',
  unreadable: 'cannot be read',
  'not-a-file': 'is not a regular file',
  'outside-root': 'is not read',
  'not-text': 'is not text',
};

function unread(path: string, problem: keyof typeof reasons, detail: string): Finding {
  return scanFinding(
    'unreadable-file',
    'error',
    path,
    `${path} ${reasons[problem]} (${detail}): what it asks for is not known`,
    problem === 'too-large'
      ? 'Raise "limits" in nidify.jsonc, or leave the file out with "ignore".'
      : 'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
  );
}

function totalReached(path: string, count: number, { totalBytes }: Limits): Finding {
  const more = count === 1 ? '' : ` and ${count - 1} more files`;
  return scanFinding(
    'unreadable-file',
    'error',
    path,
    `${path}${more} are not read (all before them have ${totalBytes} bytes together): what they ask for is not known`,
    'Leave folders out with "ignore" in nidify.jsonc, or raise "limits.totalBytes" there.',
  );
}

/** Folders may be called `dune` or `opam` for reasons of their own; `package.json` and `Gemfile` are names of files. */
function promisesFile({ path, kind }: Entry): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return kind === 'other' || /[.A-Z]/.test(name);
}

function notAFile(entry: Entry): Finding {
  const what = entry.kind === 'directory' ? 'a folder' : 'no regular file (a FIFO, socket or device)';
  return scanFinding(
    'not-a-file',
    'warning',
    entry.path,
    `${entry.path} is ${what}, not the manifest that its name promises`,
    'Rename it, or leave it out with "ignore" in nidify.jsonc.',
  );
}

function truncated(limit: 'entries' | 'depth', limits: Limits): Finding {
  return scanFinding(
    'tree-too-large',
    'error',
    '.',
    limit === 'entries'
      ? `the repository holds more than ${limits.entries} files: not all of them were seen`
      : `the repository is nested deeper than ${limits.depth} folders: not all of it was seen`,
    `Leave generated folders out with .gitignore, or raise "limits.${limit}" in nidify.jsonc.`,
  );
}

function byPath(a: Entry, b: Entry): number {
  return compare(a.path, b.path);
}

/** What lies near the root is read first: a bound that is reached hides the depths. */
function byDepth(a: string, b: string): number {
  return a.split('/').length - b.split('/').length || compare(a, b);
}

/** By code unit: the same on every machine, whatever its locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
