import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe } from 'vitest';
import type { BuiltEnvironment } from '../../src/build/types.ts';
import { folderWith } from './folder.ts';

const busybox = '/bin/busybox';

/** A store of its own with an environment that needs no Nix: busybox, if it is there, and `bin/enter`. */
export function environmentWithoutNix(): BuiltEnvironment {
  const root = folderWith({});
  const storeDirectory = path.join(root, 'nix/store');
  const storePath = `/nix/store/${'a'.repeat(32)}-environment`;
  const tools = `/nix/store/${'b'.repeat(32)}-busybox`;
  const bin = path.join(storeDirectory, path.basename(storePath), 'bin');
  mkdirSync(bin, { recursive: true });
  // Outside of the sandbox the tools are at another place
  const enter = `#!/bin/sh\nexport ENTERED=yes\nPATH="${tools}/bin:$PATH"\nexec "$@"\n`;
  writeFileSync(path.join(bin, 'enter'), enter);
  chmodSync(path.join(bin, 'enter'), 0o755);
  const toolsBin = path.join(storeDirectory, path.basename(tools), 'bin');
  mkdirSync(toolsBin, { recursive: true });
  if (existsSync(busybox)) {
    copyFileSync(busybox, path.join(toolsBin, 'busybox'));
    for (const name of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      if (name !== 'busybox') symlinkSync('busybox', path.join(toolsBin, name));
    }
  }
  return { name: 'default', storePath, storeDirectory, closure: [storePath, tools] };
}

/** `describe` for tests with bubblewrap: skipped with the reason where it is not, failed when CI is set. */
export function describeSandbox(title: string, define: () => void): void {
  const reason = unavailable();
  if (reason === null) describe(title, define);
  else if (process.env.CI) throw new Error(`${title}: ${reason}`);
  else describe.skip(`${title} (skipped: ${reason})`, define);
}

function unavailable(): string | null {
  if (process.platform !== 'linux') return 'bubblewrap is one of Linux';
  if (!existsSync(busybox)) return 'busybox is not installed: run scripts/test-tools/install.mjs';
  try {
    execFileSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', busybox, 'true']);
    return null;
  } catch {
    return 'bubblewrap does not work here: run scripts/test-tools/install.mjs';
  }
}
