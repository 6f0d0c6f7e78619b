/** Which requirements files a folder has, what each is for, and what stands in it and in what it includes. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, folderOf, join } from '../shared/tree.ts';
import { pathsOf } from './paths.ts';
import { parseRequirements, type RequirementLine } from './requirements.ts';

/** What a project runs with, what it is developed and tested with, and the rest: documentation, variants. */
export type RequirementsRole = 'runtime' | 'development' | 'other';

export interface RequirementsFile {
  file: ClaimedFile;
  role: RequirementsRole;
}

/** By the word in the name, in the order of preference within a role. */
const words: Record<Exclude<RequirementsRole, 'other'>, readonly string[]> = {
  runtime: ['', 'base', 'common', 'core', 'main', 'runtime', 'prod', 'production'],
  development: [
    'dev',
    'devel',
    'develop',
    'development',
    'local',
    'test',
    'tests',
    'testing',
    'ci',
    'lint',
    'quality',
  ],
};

const named =
  /^(?:requirements(?:[-_.](?<after>[a-z]+))?\.txt|(?<before>[a-z]+)[-_.]requirements\.txt|requirements(?<lock>-dev)?\.lock)$/;

/** The word that a requirements file's name holds: `dev`, or nothing for requirements.txt itself. */
function wordOf(name: string): string | null {
  const groups = named.exec(name)?.groups;
  if (groups === undefined) return null;
  return groups.after ?? groups.before ?? (groups.lock === undefined ? '' : 'dev');
}

function roleOf(word: string): RequirementsRole {
  if (words.runtime.includes(word)) return 'runtime';
  return words.development.includes(word) ? 'development' : 'other';
}

/** The folder whose project a requirements file belongs to; null where it is none. */
export function requirementsOwner(path: string): string | null {
  const folder = folderOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/(^|\/)requirements$/.test(folder) && /^[a-z]+\.txt$/.test(name)) return folderOf(folder);
  if (wordOf(name) === null) return null;
  return /(^|\/)requirements$/.test(folder) ? folderOf(folder) : folder;
}

/**
 * The requirements files of a project, preferred ones first within their role: those beside its other
 * manifests, those in `requirements/`, and the tests' own.
 */
export function requirementsFiles(inventory: Inventory, folder: string): RequirementsFile[] {
  const found: { file: ClaimedFile; role: RequirementsRole; rank: number }[] = [];
  const add = (path: string, word: string) => {
    const file = inventory.files.get(path);
    const role = roleOf(word);
    if (file !== undefined)
      found.push({ file, role, rank: role === 'other' ? 0 : words[role].indexOf(word) });
  };
  for (const place of [folder, join(folder, 'requirements')]) {
    for (const path of namesIn(inventory, place)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const word =
        wordOf(name) ??
        (place === folder ? null : (/^(?<word>[a-z]+)\.txt$/.exec(name)?.groups?.word ?? null));
      if (word !== null) add(path, word);
    }
  }
  for (const tests of ['tests', 'test']) add(join(folder, `${tests}/requirements.txt`), 'tests');
  return found.sort((a, b) => a.rank - b.rank || byLength(a.file.path, b.file.path));
}

function byLength(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

/** Claimed files directly in a folder. The index is made once per inventory. */
function namesIn(inventory: Inventory, folder: string): readonly string[] {
  let index = folders.get(inventory);
  if (index === undefined) {
    index = new Map();
    for (const path of inventory.files.keys()) {
      if (!path.endsWith('.txt') && !path.endsWith('.lock')) continue;
      const known = index.get(folderOf(path));
      if (known === undefined) index.set(folderOf(path), [path]);
      else known.push(path);
    }
    folders.set(inventory, index);
  }
  return index.get(folder) ?? [];
}

const folders = new WeakMap<Inventory, Map<string, string[]>>();

/** More lines than any real set of requirements has. */
const maxLines = 20_000;
/** The first few say it all. */
const maxProblems = 5;
/** Files that include each other deeper than this are not followed. */
const maxIncludes = 64;

export type PlacedLine = RequirementLine & { file: ClaimedFile };

export interface RequirementsProblem {
  file: ClaimedFile;
  line: number;
  problem: 'missing' | 'outside' | 'not-read' | 'unknown' | 'too-long';
  detail: string;
}

export interface ReadRequirements {
  file: ClaimedFile;
  /** Some line has a hash: then pip wants one for everything that it installs in the same call. */
  isHashed: boolean;
  lines: PlacedLine[];
  /** Lines of constraints files: they give versions, and ask for nothing. */
  constraints: PlacedLine[];
  problems: RequirementsProblem[];
}

/** A requirements file with all that it includes inside the repository; each file is read once. */
export function readRequirements(inventory: Inventory, file: ClaimedFile): ReadRequirements {
  const read: ReadRequirements = { file, isHashed: false, lines: [], constraints: [], problems: [] };
  const note = (problem: RequirementsProblem) => {
    if (read.problems.length < maxProblems) read.problems.push(problem);
  };
  const seen = new Set<string>();
  const visit = (at: ClaimedFile, into: PlacedLine[]) => {
    if (seen.has(at.path) || seen.size >= maxIncludes || at.text === null) return;
    seen.add(at.path);
    let isFirstUnknown = true;
    for (const line of parsedLines(at)) {
      if (read.lines.length + read.constraints.length >= maxLines) {
        note({ file: at, line: line.line, problem: 'too-long', detail: String(maxLines) });
        return;
      }
      if (line.kind === 'include' || line.kind === 'constraint') {
        const next = target(inventory, at, line, note);
        if (next !== null) visit(next, line.kind === 'constraint' ? read.constraints : into);
      } else if (line.kind !== 'unknown') {
        into.push({ ...line, file: at });
      } else if (isFirstUnknown) {
        isFirstUnknown = false;
        note({ file: at, line: line.line, problem: 'unknown', detail: '' });
      }
    }
  };
  visit(file, read.lines);
  return { ...read, isHashed: read.lines.some(demandsHashes) };
}

function demandsHashes(line: RequirementLine): boolean {
  return line.kind === 'requirement'
    ? line.isHashed
    : line.kind === 'option' && line.name === '--require-hashes';
}

const parsed = new WeakMap<ClaimedFile, RequirementLine[]>();

function parsedLines(file: ClaimedFile): RequirementLine[] {
  let lines = parsed.get(file);
  if (lines === undefined) {
    lines = parseRequirements(file.text ?? '');
    parsed.set(file, lines);
  }
  return lines;
}

function target(
  inventory: Inventory,
  from: ClaimedFile,
  { path, line }: { path: string; line: number },
  note: (problem: RequirementsProblem) => void,
): ClaimedFile | null {
  if (/^[a-z]+:/i.test(path)) return null;
  const resolved = resolvePath(folderOf(from.path), path);
  if (resolved === null) {
    note({ file: from, line, problem: 'outside', detail: path });
    return null;
  }
  const file = fileIn(inventory, '.', resolved);
  if (file === null) {
    const problem = pathsOf(inventory).has(resolved) ? 'not-read' : 'missing';
    note({ file: from, line, problem, detail: path });
  }
  return file;
}
