/**
 * Facts of Git, read from `.git` itself: `git status` and its like would run filters, hooks and monitors
 * that the repository configures. Formats: https://git-scm.com/docs/gitrepository-layout
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { GitFacts } from './types.ts';

const maxBytes = 4 * 1024 * 1024;
const commitId = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** @returns null where the directory is not the top of a Git work tree */
export function gitFacts(root: string): GitFacts | null {
  const directory = gitDirectory(root);
  if (directory === null) return null;
  const head = readSmall(path.join(directory, 'HEAD'))?.trim();
  if (head === undefined) return null;
  const common = commonDirectory(directory);
  const ref = /^ref: (refs\/[^\s]+)$/.exec(head)?.[1] ?? null;
  return {
    url: remoteUrl(readSmall(path.join(common, 'config')) ?? ''),
    branch: ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null,
    commit: ref === null ? validCommit(head) : resolveRef(directory, common, ref),
  };
}

/** `.git` is a folder, or in a linked work tree a file that names one which names the file back. */
function gitDirectory(root: string): string | null {
  const dotGit = path.join(root, '.git');
  try {
    if (statSync(dotGit).isDirectory()) return dotGit;
  } catch {
    return null;
  }
  const named = /^gitdir: (.+)$/m.exec(readSmall(dotGit) ?? '')?.[1];
  if (named === undefined) return null;
  const directory = path.resolve(root, named);
  const back = readSmall(path.join(directory, 'gitdir'))?.trim();
  return back !== undefined && path.resolve(directory, back) === dotGit ? directory : null;
}

function commonDirectory(directory: string): string {
  const common = readSmall(path.join(directory, 'commondir'))?.trim();
  return common === undefined ? directory : path.resolve(directory, common);
}

function resolveRef(directory: string, common: string, ref: string): string | null {
  if (ref.split('/').includes('..')) return null;
  for (const base of [directory, common]) {
    const commit = validCommit(readSmall(path.join(base, ref))?.trim());
    if (commit !== null) return commit;
  }
  for (const line of (readSmall(path.join(common, 'packed-refs')) ?? '').split('\n')) {
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

/** A remote's URL without user information, query or fragment; null for what is neither URL nor `host:path`. */
export function withoutCredentials(text: string): string | null {
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (url.protocol !== 'ssh:') url.username = '';
    url.password = '';
    url.search = '';
    url.hash = '';
    return url.href;
  }
  return /^([\w.-]+@)?[\w.-]+:[^\s:@]+$/.test(text) ? text : null;
}

function readSmall(file: string): string | null {
  try {
    const status = statSync(file);
    return status.isFile() && status.size <= maxBytes ? readFileSync(file, 'utf8') : null;
  } catch {
    return null;
  }
}
