/** How a Mix project is installed, built, tested and started. */
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { fileIn, nearest } from '../shared/tree.ts';
import { declaration, type MixProject } from './projects.ts';

/**
 * Commands to run in the project's folder. `mix deps.get` keeps what `mix.lock` says; Hex and rebar3 are Mix's own
 * downloads, which it would otherwise ask for.
 */
export function mixCommands(
  inventory: Inventory,
  project: MixProject,
  { isPhoenix }: { isPhoenix: boolean },
): Partial<Commands> {
  const { folder, mix } = project;
  const hasCredo =
    declaration(project, 'credo') !== null || nearest(inventory, folder, ['.credo.exs']) !== null;
  const isFormatted = fileIn(inventory, folder, '.formatter.exs') !== null;
  const start = startCommand(project, isPhoenix);
  return {
    install: 'mix local.hex --force && mix local.rebar --force && mix deps.get',
    build: buildCommand(project),
    test: 'mix test',
    ...(start === null ? {} : { start }),
    dev: isPhoenix ? 'mix phx.server' : 'iex -S mix',
    ...(hasCredo ? { lint: 'mix credo' } : isFormatted ? { lint: 'mix format --check-formatted' } : {}),
    ...(mix.isEscript && isShellSafe(mix.app) ? { start: `./${mix.app}` } : {}),
  };
}

function buildCommand({ mix }: MixProject): string {
  if (mix.isEscript) return 'mix escript.build';
  return mix.keys.has('assets.deploy') ? 'mix compile && mix assets.deploy' : 'mix compile';
}

/** What Elixir's buildpack starts without a Procfile; a package that starts nothing is only used by others. */
function startCommand({ mix }: MixProject, isPhoenix: boolean): string | null {
  if (isPhoenix) return 'mix phx.server';
  if (mix.hasApplication || mix.appsPath !== null) return 'mix run --no-halt';
  return mix.isPackage || mix.isEscript ? null : 'mix run --no-halt';
}

function isShellSafe(name: string | null): name is string {
  return name !== null && /^\w+$/.test(name);
}
