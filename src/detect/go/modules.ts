/** Which modules a repository holds, and which workspace each belongs to. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { resolvePath } from '../shared/resolve.ts';
import { ancestors, fileIn, filesNamed, folderOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type GoFile, parseGoFile } from './modfile.ts';

interface Workspace {
  /** go.work. */
  file: ClaimedFile;
  work: GoFile;
  /** Folders of its modules. */
  uses: ReadonlySet<string | null>;
}

export interface GoModule {
  folder: string;
  /** go.mod. */
  file: ClaimedFile;
  mod: GoFile;
  /** The go.work file that uses it. */
  workspace: Workspace | null;
  /** Go files of the module itself: not those of modules below it, nor of folders that the go command passes over. */
  sources: readonly string[];
}

/**
 * All modules, in path order. Folders named `testdata` or `vendor` and those that begin with `.` or `_` are
 * invisible to the go command (https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns); third parties' code
 * is none of the project's own.
 */
export function goModules(context: DetectContext): GoModule[] {
  const files = filesNamed(context, ['go.mod']).filter(({ path }) => !isInvisible(folderOf(path)));
  const folders = new Set(files.map(({ path }) => folderOf(path)));
  const sources = sourcesByModule(context.inventory, folders);
  const workspaces = new Map<string, Workspace | null>();
  return files.map((file) => {
    const folder = folderOf(file.path);
    return {
      folder,
      file,
      mod: parseGoFile(file.text ?? ''),
      workspace: workspaceOf(context.inventory, folder, workspaces),
      sources: sources.get(folder) ?? [],
    };
  });
}

function isInvisible(folder: string): boolean {
  return /(^|\/)(testdata|vendor|third[_-]party|node_modules|[._][^/]+)(\/|$)/.test(folder);
}

function sourcesByModule({ paths }: Inventory, folders: ReadonlySet<string>): Map<string, string[]> {
  const sources = new Map<string, string[]>();
  const owners = new Map<string, string | null>();
  for (const path of paths) {
    if (!sourceFile.test(path)) continue;
    const folder = folderOf(path);
    let owner = owners.get(folder);
    if (owner === undefined) {
      owner = isInvisible(folder) ? null : (ancestors(folder).find((at) => folders.has(at)) ?? null);
      owners.set(folder, owner);
    }
    if (owner === null) continue;
    const known = sources.get(owner);
    if (known === undefined) sources.set(owner, [path]);
    else known.push(path);
  }
  return sources;
}

/** Go, and what cgo compiles beside it: https://pkg.go.dev/cmd/go#hdr-File_types */
const sourceFile = /\.(go|c|cc|cpp|cxx|m)$/;

/** The nearest go.work upwards speaks for the modules that it uses, and for them only. */
function workspaceOf(
  inventory: Inventory,
  folder: string,
  known: Map<string, Workspace | null>,
): Workspace | null {
  for (const at of ancestors(folder)) {
    let workspace = known.get(at);
    if (workspace === undefined) {
      workspace = workspaceIn(inventory, at);
      known.set(at, workspace);
    }
    if (workspace !== null) return workspace.uses.has(folder) ? workspace : null;
  }
  return null;
}

function workspaceIn(inventory: Inventory, folder: string): Workspace | null {
  const file = fileIn(inventory, folder, 'go.work');
  if (file?.text == null) return null;
  const work = parseGoFile(file.text);
  return { file, work, uses: new Set(work.uses.map(({ value }) => resolvePath(folder, value))) };
}
