/** The folders of a repository that are Ruby projects, with their files read. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { pathsBelow } from '../shared/paths.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { gemfileNames, lockNames } from './claims.ts';
import { type Gemfile, parseGemfile } from './gemfile.ts';
import { type Gemspec, parseGemspec } from './gemspec.ts';
import { type Lockfile, parseLockfile } from './lockfile.ts';

export interface RubyProject {
  folder: string;
  /** What makes it one: a Gemfile, a specification, or a rack-up file. */
  file: ClaimedFile;
  gemfile: (Gemfile & { file: ClaimedFile }) | null;
  gemspec: (Gemspec & { file: ClaimedFile }) | null;
  lock: (Lockfile & { file: ClaimedFile }) | null;
}

/** Folders that hold installed or vendored gems. */
const installed = /(^|\/)(vendor|\.bundle)(\/|$)/;

/** The projects, the root's first; those of examples and tests apart. */
export function rubyProjects(inventory: Inventory): { projects: RubyProject[]; side: RubyProject[] } {
  const folders = new Map<string, RubyProject>();
  for (const file of filesNamed({ inventory }, gemfileNames)) {
    const folder = folderOf(file.path);
    if (installed.test(folder) || folders.has(folder)) continue;
    folders.set(folder, projectOf(inventory, folder, file));
  }
  for (const file of inventory.files.values()) {
    const folder = folderOf(file.path);
    const isSpec = file.path.endsWith('.gemspec');
    const isRack = folder === '.' && nameOf(file.path) === 'config.ru';
    if ((!isSpec && !isRack) || installed.test(folder) || folders.has(folder)) continue;
    // Gems of a repository with one Gemfile are that one's to install.
    if (ancestors(folder).some((above) => folders.has(above))) continue;
    folders.set(folder, projectOf(inventory, folder, file));
  }
  const all = [...folders.values()].sort((a, b) => order(a.folder, b.folder));
  return {
    projects: all.filter(({ folder }) => !isSideFolder(folder)),
    side: all.filter(({ folder }) => isSideFolder(folder)),
  };
}

function order(a: string, b: string): number {
  if (a === '.' || b === '.') return a === b ? 0 : a === '.' ? -1 : 1;
  return a < b ? -1 : 1;
}

function projectOf(inventory: Inventory, folder: string, file: ClaimedFile): RubyProject {
  const isGemfile = (gemfileNames as readonly string[]).includes(nameOf(file.path));
  const lock = isGemfile ? fileIn(inventory, folder, lockNames[nameOf(file.path)] ?? '') : null;
  const spec = specificationIn(inventory, folder);
  return {
    folder,
    file,
    gemfile: isGemfile ? { ...parseGemfile(file.text ?? ''), file } : null,
    gemspec: spec === null ? null : { ...parseGemspec(spec.text ?? ''), file: spec },
    lock: lock === null ? null : { ...parseLockfile(lock.text ?? ''), file: lock },
  };
}

/** The only specification of a folder, or the one that bears its name. */
function specificationIn(inventory: Inventory, folder: string): ClaimedFile | null {
  const named = inventory.files.get(join(folder, `${nameOf(folder)}.gemspec`));
  if (named !== undefined) return named;
  const first = pathsBelow(inventory, folder).find(
    (path) => path.endsWith('.gemspec') && folderOf(path) === folder && inventory.files.has(path),
  );
  return first === undefined ? null : (inventory.files.get(first) ?? null);
}

/** Whether a project asks for a gem itself: in its Gemfile, or in the specification that it takes in. */
export function asksFor({ gemfile, gemspec, lock }: RubyProject, ...names: readonly string[]): boolean {
  return names.some(
    (name) =>
      lock?.direct.has(name) === true ||
      gemfile?.gems.some((gem) => gem.name === name) === true ||
      gemspec?.dependencies.some((gem) => gem.name === name) === true,
  );
}

/** Whether a gem is among those that are installed, as far as that is known. */
export function installs(project: RubyProject, ...names: readonly string[]): boolean {
  return asksFor(project, ...names) || names.some((name) => project.lock?.gems.has(name) === true);
}
