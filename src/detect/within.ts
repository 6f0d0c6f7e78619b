/** One project of a repository: what it needs, without its siblings. */
import { posix } from 'node:path';
import { nativeEcosystems } from '../catalogue/native-ecosystems.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Evidence } from '../plan/schema.ts';
import type { Inventory } from '../scan/types.ts';
import { nearest } from '../text/nearest.ts';
import { ancestors, isBelow, nameOf } from './shared/tree.ts';
import type { Need, ProjectNeed } from './types.ts';

/** As people name a project: by its path or by its name. */
export interface Named {
  path: string;
  name: string | null;
}

/**
 * The path of the project that is meant; null for all of them.
 *
 * @param given a path from the root, or a name; "." is everything
 * @throws NidifyError `unknown-project` (usage) when no project is there
 */
export function projectPath(given: string, projects: readonly Named[]): string | null {
  const path = plainPath(given);
  if (path === '.') return null;
  const found = projects.find((each) => each.path === path) ?? projects.find((each) => each.name === given);
  if (found === undefined) throw unknownProject(given, projects);
  return found.path === '.' ? null : found.path;
}

/** `./apps/web/`, `apps//web` and `apps\web` are `apps/web`. */
function plainPath(given: string): string {
  return posix.normalize(given.replaceAll('\\', '/')).replace(/(?<=.)\/+$/, '') || '.';
}

/**
 * Needs of one project: its own, those below it, and of the folders above it what a project of its languages takes
 * from there, such as the libraries of a workspace's lock file. What is said by nothing but siblings is left out.
 *
 * @param project its path
 */
export function needsWithin(needs: readonly Need[], project: string): Need[] {
  const siblings = siblingsOf(needs.filter(isProject), project);
  const isOwn = (need: Need) => {
    const owner = ownerOf(need);
    return owner !== null && isBelow(owner, project);
  };
  const tools = new Set(needs.filter(isOwn).flatMap(toolOf));
  return needs.flatMap((need): Need[] => {
    if (isOwn(need)) return [need];
    const owner = ownerOf(need);
    if (owner !== null && !isBelow(project, owner)) return [];
    if (!isSaidOutside(need, siblings)) return [];
    if (owner === null) return [need];
    return isForTools(need, tools) ? [{ ...need, project } as Need] : [];
  });
}

/** What is read of a repository, without the files of other projects. */
export function inventoryWithin(inventory: Inventory, needs: readonly Need[], project: string): Inventory {
  const siblings = siblingsOf(needs.filter(isProject), project);
  const isRead = (path: string) => !isInside(path, siblings);
  return { ...inventory, files: new Map([...inventory.files].filter(([path]) => isRead(path))) };
}

function isProject(need: Need): need is ProjectNeed {
  return need.kind === 'project';
}

/** Folders of projects that are neither the project, nor above or below it. */
function siblingsOf(projects: readonly ProjectNeed[], project: string): ReadonlySet<string> {
  const paths = projects.map(({ path }) => path);
  return new Set(paths.filter((path) => !isBelow(path, project) && !isBelow(project, path)));
}

/** Whether a path lies in one of these folders, or is one of them. */
function isInside(path: string, folders: ReadonlySet<string>): boolean {
  return ancestors(path).some((folder) => folders.has(folder));
}

function ownerOf(need: Need): string | null {
  if (need.kind === 'project') return need.path;
  return 'project' in need ? need.project : null;
}

/** Toolchains and package managers, by id. */
function toolOf(need: Need): string[] {
  if (need.kind === 'toolchain' || need.kind === 'package-manager') return [need.id];
  return need.kind === 'project' ? [...need.languages] : [];
}

/** Whether anything but the siblings' own files says it. */
function isSaidOutside(need: Need, siblings: ReadonlySet<string>): boolean {
  const because: readonly Evidence[] = need.because;
  return because.length === 0 || because.some(({ file }) => !isInside(file, siblings));
}

/** Whether a need of a folder above serves a project of these tools. */
function isForTools(need: Need, tools: ReadonlySet<string>): boolean {
  // The project's own need has what files above say of it already.
  if (need.kind === 'project' || need.kind === 'toolchain') return false;
  if (need.kind === 'package-manager') return false;
  if (need.kind === 'dependency') return nativeEcosystems[need.ecosystem].tools.some((id) => tools.has(id));
  if (need.kind === 'compiler')
    return need.because.some(({ rule }) => tools.has(rule.split('/', 1)[0] ?? ''));
  return true;
}

/**
 * That no project is meant by these words, with those that may be.
 *
 * @returns `unknown-project` (usage)
 */
export function unknownProject(given: string, projects: readonly Named[]): NidifyError {
  return new NidifyError({
    code: 'unknown-project',
    message: `there is no project at ${JSON.stringify(given)}`,
    hint: hintFor(plainPath(given), projects),
    exitCode: ExitCode.usage,
  });
}

const shownProjects = 10;

function hintFor(path: string, projects: readonly Named[]): string {
  const [first] = projects;
  if (first === undefined) return 'This repository has no projects.';
  const around = projects
    .filter((each) => each.path !== '.' && isBelow(path, each.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (around !== undefined) return `It lies in the project ${around.path}.`;
  const near = nearProjects(path, projects);
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`;
  const paths = projects.map((each) => each.path).sort();
  const more = paths.length > shownProjects ? ` and ${paths.length - shownProjects} more` : '';
  return `Projects are at ${paths.slice(0, shownProjects).join(', ')}${more}.`;
}

/** By the whole path, by its last part, by the name. */
function nearProjects(path: string, projects: readonly Named[]): string[] {
  const byWord = new Map<string, string>();
  for (const each of projects) {
    for (const word of [each.path, nameOf(each.path), each.name ?? each.path, nameOf(each.name ?? '')]) {
      if (word !== '' && !byWord.has(word)) byWord.set(word, each.path);
    }
  }
  const words = [...nearest(path, byWord.keys()), ...nearest(nameOf(path), byWord.keys())];
  return [...new Set(words.flatMap((word) => byWord.get(word) ?? []))].slice(0, 3);
}
