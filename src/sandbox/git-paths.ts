import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';

const mostBytes = 1024 * 1024;
const mostModules = 200;

/**
 * What Git of this machine would run programs from when somebody uses it in the project afterwards: its `.git`, those
 * of the submodules that `.gitmodules` names, and a folder of hooks in the project. Only what is there, is no link and
 * lies in the project: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corehooksPath
 */
export function gitPaths(root: string): string[] {
  const modules = valuesOf(path.join(root, '.gitmodules'), 'path').slice(0, mostModules);
  const hooks = valuesOf(path.join(root, '.git/config'), 'hooksPath');
  const wanted = ['.git', ...modules.map((module) => path.join(module, '.git')), ...hooks];
  const found = wanted.map((each) => path.resolve(root, each)).filter((each) => isWithin(root, each));
  return [...new Set(found)];
}

/** The values of a name in a file of Git's configuration syntax, whatever the section. */
function valuesOf(file: string, name: string): string[] {
  try {
    const stats = lstatSync(file);
    if (!stats.isFile() || stats.size > mostBytes) return [];
    const line = new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*"?([^"\\n]*?)"?[ \\t\\r]*$`, 'gim');
    return [...readFileSync(file, 'utf8').matchAll(line)].map(([, value = '']) => value);
  } catch {
    return [];
  }
}

/** A link would show what it points to, which may be anything of this machine. */
function isWithin(root: string, file: string): boolean {
  try {
    const stats = lstatSync(file);
    const isThere = stats.isDirectory() || stats.isFile();
    return isThere && file !== root && file.startsWith(`${root}${path.sep}`) && realpathSync(file) === file;
  } catch {
    return false;
  }
}
