/** What is asked of a machine; tests give the answers of another one. */
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { whereIs } from '../find-program.ts';

export interface Probe {
  platform: NodeJS.Platform;
  user: { name: string; id: number };
  env: NodeJS.ProcessEnv;
  temporary: string;
  /** The text of a file; null where it cannot be read. */
  read(file: string): string | null;
  exists(file: string): boolean;
  canWrite(file: string): boolean;
  /** Bytes that are free where a folder is. */
  free(folder: string): number;
  hasProgram(name: string): boolean;
  /** The file of a program; null where it is not on PATH. */
  where(name: string): string | null;
  /** Bits of a file's mode; null where it is not there. */
  mode(file: string): number | null;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Probe {
  const { username, uid } = userInfo();
  return {
    platform: process.platform,
    user: { name: username, id: uid },
    env,
    temporary: tmpdir(),
    read(file) {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return null;
      }
    },
    exists: existsSync,
    canWrite(file) {
      try {
        accessSync(file, constants.W_OK);
        return true;
      } catch {
        return false;
      }
    },
    free(folder) {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
    hasProgram: (name) => whereIs(name, env.PATH ?? '') !== null,
    where: (name) => whereIs(name, env.PATH ?? ''),
    mode(file) {
      try {
        return statSync(file).mode;
      } catch {
        return null;
      }
    },
  };
}
