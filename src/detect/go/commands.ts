/** How a module is built, tested and started, by the layouts that Go projects have. */
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { folderOf, isSideFolder, join, nameOf, nearest } from '../shared/tree.ts';
import { golangciNames } from './claims.ts';

export interface GoLayout {
  folder: string;
  /** Path of the module, for the name that its main program has. */
  modulePath: string | null;
  /** Paths of the module's Go files, from the root of the repository. */
  sources: readonly string[];
  /** `go tool` runs these: import paths. */
  tools: readonly string[];
}

/** Commands to run in the module's folder. */
export function goCommands(inventory: Inventory, layout: GoLayout): Partial<Commands> {
  const { folder } = layout;
  const has = (name: string) => inventory.files.has(join(folder, name));
  const mains = mainFolders(layout);
  const isVendored = has('vendor/modules.txt');
  const linter = lintCommand(inventory, layout);
  const run = runCommand(mains, layout);
  return {
    ...(isVendored ? {} : { install: 'go mod download' }),
    // A module of files that are no programs: another tool's, such as Hugo's.
    ...(layout.sources.length === 0 ? {} : { build: buildCommand(mains), test: 'go test ./...' }),
    ...(run === null ? {} : { start: run.start, dev: has('.air.toml') ? 'air' : run.dev }),
    ...(layout.sources.length === 0 ? {} : { lint: linter }),
  };
}

/** One program is built as `out`, several into `bin/`. */
function buildCommand(mains: readonly string[]): string {
  const [only, ...others] = mains;
  if (only === undefined) return 'go build ./...';
  if (others.length === 0) return only === '.' ? 'go build -o out' : `go build -o out ./${only}`;
  return 'go build -o bin/ ./cmd/...';
}

function runCommand(
  mains: readonly string[],
  { modulePath }: GoLayout,
): { start: string; dev: string } | null {
  const [first, ...others] = mains;
  if (first === undefined) return null;
  if (others.length === 0) return { start: './out', dev: first === '.' ? 'go run .' : `go run ./${first}` };
  const named = nameOf(modulePath ?? '');
  const main = mains.find((folder) => nameOf(folder) === named) ?? mains.find(isServer);
  return main === undefined ? null : { start: `./bin/${nameOf(main)}`, dev: `go run ./${main}` };
}

/** Names that the main of several programs goes by. */
function isServer(folder: string): boolean {
  return /^(server|api|app|web|main)$/.test(nameOf(folder));
}

/**
 * Folders of the programs, from the module's folder: `main.go` beside go.mod; else the folders of `cmd`; else
 * the only `main.go` elsewhere. What package a file declares is not read.
 */
export function mainFolders({ folder, sources }: Pick<GoLayout, 'folder' | 'sources'>): string[] {
  const below = folder === '.' ? 0 : folder.length + 1;
  const programs = sources.filter((path) => path.endsWith('.go') && !path.endsWith('_test.go'));
  const inside = programs.map((path) => path.slice(below));
  if (inside.includes('main.go')) return ['.'];
  const commands = new Set(inside.filter((path) => /^cmd(\/[^/]+)?\/[^/]+$/.test(path)).map(folderOf));
  const named = [...commands].filter((path) => path !== 'cmd' || inside.includes('cmd/main.go'));
  if (named.length > 0) return named.filter(isShellSafe).sort();
  const mains = inside.filter((path) => nameOf(path) === 'main.go').map(folderOf);
  const own = mains.filter(
    (path) => !isSideFolder(path) && !/(^|\/)(internal|scripts?|hack|tools?|docs?)(\/|$)/.test(path),
  );
  return own.length === 1 ? own.filter(isShellSafe) : [];
}

/** Commands are lines of shell: a folder that would have to be quoted is left out of them. */
function isShellSafe(path: string): boolean {
  return /^[\w.@%+=:,/-]+$/.test(path) && !path.startsWith('-');
}

/** golangci-lint where it is configured, here or above. */
function lintCommand(inventory: Inventory, { folder, tools }: GoLayout): string {
  if (nearest(inventory, folder, golangciNames) === null) return 'go vet ./...';
  const isGoTool = tools.some((tool) => /\/golangci-lint(\/v\d+)?(\/|$)/.test(tool));
  return isGoTool ? 'go tool golangci-lint run' : 'golangci-lint run';
}
