/**
 * Facts of Git, read from `.git` itself: `git status` and its like would run filters, hooks and monitors
 * that the repository configures. Formats: https://git-scm.com/docs/gitrepository-layout
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { GitFacts } from './types.ts';

const maxBytes = 4 * 1024 * 1024;
/** No part starts with a dot: `refs/heads/.invalid` stands where refs are kept in tables, which are not read. */
const headRef = /^ref: (refs(?:\/[^\s\p{C}/.][^\s\p{C}/]*)+)$/u;
const protocols = new Set(['https:', 'http:', 'ssh:', 'git:', 'file:']);
const commitId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Where Git keeps things: the same folder twice, but for a linked work tree. */
interface GitFolders {
  /** Of this work tree: its `HEAD`. */
  own: string;
  /** Of the repository: configuration and refs. */
  common: string;
}

/** @returns null where the directory is not the top of a Git work tree */
export function gitFacts(root: string): GitFacts | null {
  const folders = gitFolders(root);
  if (folders === null) return null;
  const head = readSmall(folders.own, 'HEAD')?.trim();
  if (head === undefined) return null;
  const ref = headRef.exec(head)?.[1] ?? null;
  return {
    url: remoteUrl(readSmall(folders.common, 'config') ?? ''),
    branch: ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null,
    commit: ref === null ? validCommit(head) : resolveRef(folders, ref),
  };
}

/**
 * `.git` is a folder, or in a linked work tree a file that names one which names the file back. A link in its
 * place is not followed: whoever made the repository could read another one's branches and addresses by it.
 */
function gitFolders(root: string): GitFolders | null {
  const dotGit = path.join(root, '.git');
  const status = lstatSync(dotGit, { throwIfNoEntry: false });
  if (status?.isDirectory()) return { own: dotGit, common: dotGit };
  if (!status?.isFile()) return null;
  const named = /^gitdir: (.+)$/m.exec(readSmall(root, '.git') ?? '')?.[1];
  return named === undefined ? null : linkedFolders(dotGit, path.resolve(root, named));
}

/** A linked work tree's own folder is `worktrees/<name>` of the repository's. */
function linkedFolders(dotGit: string, named: string): GitFolders | null {
  const own = realPath(named);
  if (own === null) return null;
  const back = readSmall(own, 'gitdir')?.trim();
  const common = readSmall(own, 'commondir')?.trim();
  if (back === undefined || path.resolve(own, back) !== dotGit || common === undefined) return null;
  const repository = path.dirname(path.dirname(own));
  return path.resolve(own, common) === repository ? { own, common: repository } : null;
}

function resolveRef({ own, common }: GitFolders, ref: string): string | null {
  if (ref.split('/').includes('..')) return null;
  for (const base of [own, common]) {
    const commit = validCommit(readSmall(base, ref)?.trim());
    if (commit !== null) return commit;
  }
  for (const line of (readSmall(common, 'packed-refs') ?? '').split('\n')) {
    const [commit, name] = line.split(' ');
    if (name === ref) return validCommit(commit);
  }
  return null;
}

function validCommit(text: string | undefined): string | null {
  return text !== undefined && commitId.test(text) ? text : null;
}

/** The URL of `origin`, else of the first remote. */
function remoteUrl(config: string): string | null {
  const urls = new Map<string, string>();
  let remote: string | null = null;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[(?<section>[^\]]*)\]/.exec(line)?.groups?.section;
    if (section !== undefined) remote = /^remote "(?<name>.*)"$/.exec(section)?.groups?.name ?? null;
    const url = /^\s*url\s*=\s*(?<url>\S+)\s*$/.exec(line)?.groups?.url;
    if (remote !== null && url !== undefined && !urls.has(remote)) urls.set(remote, url);
  }
  const url = urls.get('origin') ?? urls.values().next().value;
  return url === undefined ? null : withoutCredentials(url);
}

/** A remote's URL without user information, query or fragment; null for what is neither `host:path` nor of a
 * protocol that servers speak. */
export function withoutCredentials(text: string): string | null {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (!protocols.has(url.protocol)) return null;
    if (url.protocol !== 'ssh:') url.username = '';
    url.password = '';
    url.search = '';
    url.hash = '';
    return url.href;
  }
  return /^([\w.-]+@)?[\w.-]+:[^\s:@]+$/.test(text) ? text : null;
}

/** A small regular file of a folder; links are followed within it only. */
function readSmall(folder: string, name: string): string | null {
  const base = realPath(folder);
  const file = realPath(path.join(folder, name));
  if (base === null || file === null || !file.startsWith(base + path.sep)) return null;
  let descriptor: number | null = null;
  try {
    // Not waiting for the other end of a FIFO.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const status = fstatSync(descriptor);
    return status.isFile() && status.size <= maxBytes ? readFileSync(descriptor, 'utf8') : null;
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

function realPath(file: string): string | null {
  try {
    return realpathSync(file);
  } catch {
    return null;
  }
}
