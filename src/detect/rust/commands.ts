/** How a Cargo project is built, tested and started. */
import { stringAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { fileIn } from '../shared/tree.ts';
import { programsOf } from './programs.ts';
import type { CargoProject } from './workspaces.ts';

export interface CargoTraits {
  /** `Trunk.toml` is there: the application runs in a browser. */
  usesTrunk: boolean;
  usesNextest: boolean;
  hasClippy: boolean;
}

/** Commands to run in the project's folder. */
export function cargoCommands(
  inventory: Inventory,
  project: CargoProject,
  { usesTrunk, usesNextest, hasClippy }: CargoTraits,
): Partial<Commands> {
  const isLocked = fileIn(inventory, project.folder, 'Cargo.lock') !== null;
  const scope = project.members.length > 1 ? ' --workspace' : '';
  const run = usesTrunk ? null : runCommands(inventory, project);
  return {
    install: isLocked ? 'cargo fetch --locked' : 'cargo fetch',
    build: usesTrunk ? 'trunk build --release' : 'cargo build --release',
    test: usesNextest ? `cargo nextest run${scope}` : `cargo test${scope}`,
    ...(run ?? {}),
    ...(usesTrunk ? { dev: 'trunk serve' } : {}),
    ...(hasClippy ? { lint: `cargo clippy${scope}` } : {}),
  };
}

/** `cargo run` needs no name where there is one program only, or the manifest names one. */
function runCommands(inventory: Inventory, { defaults }: CargoProject): Partial<Commands> | null {
  const candidates = defaults.flatMap((manifest) => {
    const programs = programsOf(inventory, manifest);
    return programs.length === 0 ? [] : [{ manifest, programs }];
  });
  const [only, ...others] = candidates.filter(({ manifest }) => !isTask(manifest.document.value));
  if (only === undefined) return null;
  const chosen = stringAt(only.manifest.document.value, ['package', 'default-run']);
  if (others.length > 0) return null;
  const isAlone = candidates.length === 1;
  if (isAlone && (only.programs.length === 1 || chosen !== null)) {
    return { start: 'cargo run --release', dev: 'cargo run' };
  }
  const name = stringAt(only.manifest.document.value, ['package', 'name']);
  const program = only.programs.find((each) => each === (chosen ?? name)) ?? only.programs[0];
  return only.programs.length === 1 || program === (chosen ?? name)
    ? { start: `cargo run --release --bin ${program}`, dev: `cargo run --bin ${program}` }
    : null;
}

/** The repository's own errands: https://github.com/matklad/cargo-xtask */
function isTask(manifest: unknown): boolean {
  return stringAt(manifest, ['package', 'name']) === 'xtask';
}
