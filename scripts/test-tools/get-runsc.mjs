/**
 * gVisor's `runsc` of a newer Debian, which Debian 12 does not have: one static program in the test cache; nothing is
 * installed.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIndex } from '../../test/channel/tools/debian.mjs';
import { debianMirror, downloadVerified } from '../../test/channel/tools/mirrors.mjs';
import { cacheDirectory } from '../../test/channel/tools/prepare.mjs';

/** Where the program is, or will be. */
export function runscFile() {
  return path.join(cacheDirectory(), 'gvisor', 'runsc');
}

/** Fetches it; throws where that is not possible. */
export async function getRunsc(suite = 'trixie') {
  const file = runscFile();
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  const work = mkdtempSync(path.join(path.dirname(file), 'getting-'));
  try {
    const mirror = debianMirror();
    const index = await readIndex(mirror, suite);
    const entry = index.packages.get('runsc');
    if (entry === undefined) throw new Error(`${suite} has no package runsc`);
    const deb = path.join(work, 'runsc.deb');
    writeFileSync(deb, await downloadVerified(`${mirror}/${entry.file}`, entry.sha256));
    execFileSync('dpkg-deb', ['-x', deb, work]);
    cpSync(path.join(work, 'usr/bin/runsc'), path.join(work, 'runsc'));
    execFileSync(path.join(work, 'runsc'), ['--version']);
    renameSync(path.join(work, 'runsc'), file);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return file;
}
