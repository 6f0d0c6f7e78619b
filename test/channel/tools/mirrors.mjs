// Where this machine gets its packages from: Debian's mirror as apt knows it, npm's registry as npm knows it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The first Debian mirror in apt's sources, without a slash at its end; DEBIAN_MIRROR overrides it. */
export function debianMirror() {
  if (process.env.DEBIAN_MIRROR) return process.env.DEBIAN_MIRROR.replace(/\/+$/, '');
  const parts = '/etc/apt/sources.list.d';
  const files = existsSync(parts)
    ? readdirSync(parts)
        .sort()
        .map((name) => join(parts, name))
    : [];
  for (const file of [...files, '/etc/apt/sources.list']) {
    if (!existsSync(file)) continue;
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?)\s+(?<mirror>https?:\/\/\S+\/debian)\/?(?:\s|$)/m.exec(
      readFileSync(file, 'utf8'),
    );
    if (found) return found.groups.mirror;
  }
  throw new Error("no Debian mirror in apt's sources: name one in DEBIAN_MIRROR");
}

/** npm's registry, without a slash at its end; NPM_REGISTRY overrides it. */
export function npmRegistry() {
  const configured =
    process.env.NPM_REGISTRY ??
    execFileSync('npm', ['config', 'get', 'registry'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  return configured.trim().replace(/\/+$/, '');
}

/** Fetches a file, three attempts, since mirrors have bad moments. Returns its bytes. */
export async function download(url) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(120_000) });
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      return Buffer.from(await response.arrayBuffer());
    } catch (error) {
      if (attempt === 3) throw new Error(`cannot download ${url}: ${error.cause?.message ?? error.message}`);
    }
  }
}

/** Fetches a file that must have this hash (hexadecimal). */
export async function downloadVerified(url, sha256) {
  const content = await download(url);
  if (createHash('sha256').update(content).digest('hex') !== sha256)
    throw new Error(`${url} is not what the index says: another hash`);
  return content;
}
