/** How a unit is restored, built, tested and started: https://learn.microsoft.com/dotnet/core/tools/ */
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { ancestors, fileIn, join, nameOf } from '../shared/tree.ts';
import { projectEndings, solutionEndings } from './claims.ts';
import type { DotnetProject } from './projects.ts';
import type { Unit } from './solutions.ts';

/** How many solutions and projects a folder has: of several, commands must name one. */
export type Counts = ReadonlyMap<string, { all: number; projects: number }>;

export function countsOf(inventory: Inventory): Counts {
  const counts = new Map<string, { all: number; projects: number }>();
  for (const { path } of inventory.files.values()) {
    const isProject = projectEndings.some((ending) => path.endsWith(ending));
    if (!isProject && !solutionEndings.some((ending) => path.endsWith(ending))) continue;
    const slash = path.lastIndexOf('/');
    const folder = slash === -1 ? '.' : path.slice(0, slash);
    const count = counts.get(folder) ?? { all: 0, projects: 0 };
    counts.set(folder, { all: count.all + 1, projects: count.projects + (isProject ? 1 : 0) });
  }
  return counts;
}

/** Commands to run in the unit's folder; where its file cannot be named without quotes, none that must name it. */
export function unitCommands(inventory: Inventory, unit: Unit, counts: Counts): Partial<Commands> {
  const { folder, file, projects } = unit;
  const isAmbiguous = (counts.get(folder)?.all ?? 0) > 1;
  const name = nameOf(file.path);
  const lint = lintCommand(inventory, folder);
  if (isAmbiguous && !isShellSafe(name)) return {};
  const target = isAmbiguous ? ` ${name}` : '';
  const locked = projects.some(({ hasLock }) => hasLock) ? ' --locked-mode' : '';
  const run = runCommands(unit, counts);
  return {
    install: `${toolsCommand(inventory, folder)}dotnet restore${target}${locked}`,
    build: `dotnet build${target} --no-restore`,
    ...(projects.some(({ isTest }) => isTest) ? { test: `dotnet test${target}` } : {}),
    ...run,
    ...(lint ? { lint: `dotnet format${target} --verify-no-changes` } : {}),
  };
}

/** Tools of a manifest are restored first; Paket, where it is one of them, has packages of its own. */
function toolsCommand(inventory: Inventory, folder: string): string {
  for (const at of ancestors(folder)) {
    const manifest =
      fileIn(inventory, at, '.config/dotnet-tools.json') ?? fileIn(inventory, at, 'dotnet-tools.json');
    if (manifest === null) continue;
    const usesPaket =
      /"paket"/i.test(manifest.text ?? '') && inventory.files.has(join(at, 'paket.dependencies'));
    return usesPaket && at === folder
      ? 'dotnet tool restore && dotnet paket restore && '
      : 'dotnet tool restore && ';
  }
  return '';
}

/** The program that a unit is about; null where it has several of a kind. */
export function programOf({ projects }: Unit): DotnetProject | null {
  const programs = projects.filter(({ isProgram }) => isProgram);
  const groups = [
    programs.filter(({ parts }) => parts.has('aspire.apphost.sdk')),
    programs.filter(({ parts }) => parts.has('microsoft.net.sdk.web')),
    programs,
  ];
  const first = groups.find((group) => group.length > 0) ?? [];
  return first.length === 1 ? (first[0] ?? null) : null;
}

function runCommands(unit: Unit, counts: Counts): Partial<Commands> {
  const program = programOf(unit);
  if (program === null) return {};
  const isOnly = (counts.get(program.folder)?.projects ?? 0) === 1;
  const inside = program.folder === unit.folder ? '.' : below(unit.folder, program.folder);
  const path = isOnly ? inside : below(unit.folder, program.file.path);
  if (!isShellSafe(path)) return {};
  const option = path === '.' ? '' : ` --project ${path}`;
  return { start: `dotnet run${option}`, dev: `dotnet watch${option}` };
}

function below(folder: string, path: string): string {
  return folder === '.' ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/** Formatting is agreed on where `.editorconfig` says how. */
function lintCommand(inventory: Inventory, folder: string): boolean {
  return ancestors(folder).some((at) => inventory.files.has(join(at, '.editorconfig')));
}

function isShellSafe(path: string): boolean {
  return /^[\w.@%+=:,/-]+$/.test(path) && !path.startsWith('-');
}
