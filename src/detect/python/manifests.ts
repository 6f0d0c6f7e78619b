/** What stands in one folder: its manifests, parsed once. */
import type { Path } from '../../parse/value.ts';
import { isRecord, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { fileIn, join } from '../shared/tree.ts';
import { type Ini, linesOf, parseIni } from './ini.ts';
import { type RequirementsFile, requirementsFiles } from './requirements-files.ts';

export interface TomlManifest {
  file: ClaimedFile;
  value: unknown;
  /** Evidence at the line of this path. */
  because(path: Path, rule: string): Evidence;
}

export interface IniManifest {
  file: ClaimedFile;
  lines: readonly string[];
  ini: Ini;
}

/** Lock files, in the order in which they are preferred where nothing else decides. */
export const lockNames = {
  uv: 'uv.lock',
  poetry: 'poetry.lock',
  pdm: 'pdm.lock',
  pipenv: 'Pipfile.lock',
  pylock: 'pylock.toml',
} as const;
export type LockId = keyof typeof lockNames;
export const lockIds: readonly LockId[] = ['uv', 'poetry', 'pdm', 'pipenv', 'pylock'];

export interface Manifests {
  folder: string;
  pyproject: TomlManifest | null;
  pipfile: TomlManifest | null;
  hatchToml: TomlManifest | null;
  uvToml: TomlManifest | null;
  setupPy: ClaimedFile | null;
  setupCfg: IniManifest | null;
  toxIni: IniManifest | null;
  requirements: RequirementsFile[];
  locks: ReadonlyMap<LockId, ClaimedFile>;
  /** Whether a claimed file or a presence stands there: `noxfile.py`, `src/main.py`. */
  has(name: string): boolean;
}

/** Reads the manifests of a folder; what is not there or cannot be parsed is null. */
export async function readManifests(inventory: Inventory, folder: string): Promise<Manifests> {
  const toml = async (name: string) => tomlManifest(fileIn(inventory, folder, name));
  const ini = (name: string) => iniManifest(fileIn(inventory, folder, name));
  const locks = new Map<LockId, ClaimedFile>();
  for (const id of lockIds) {
    const file = fileIn(inventory, folder, lockNames[id]);
    if (file !== null) locks.set(id, file);
  }
  return {
    folder,
    pyproject: await toml('pyproject.toml'),
    pipfile: await toml('Pipfile'),
    hatchToml: await toml('hatch.toml'),
    uvToml: await toml('uv.toml'),
    setupPy: fileIn(inventory, folder, 'setup.py'),
    setupCfg: ini('setup.cfg'),
    toxIni: ini('tox.ini'),
    requirements: requirementsFiles(inventory, folder),
    locks,
    has: (name) => inventory.files.has(join(folder, name)),
  };
}

async function tomlManifest(file: ClaimedFile | null): Promise<TomlManifest | null> {
  if (file === null) return null;
  const document = await parseTomlFile(file);
  if (document === null) return null;
  return {
    file,
    value: document.value,
    because: (path, rule) => evidence(file, document.line(path), rule),
  };
}

function iniManifest(file: ClaimedFile | null): IniManifest | null {
  if (file === null || file.text === null) return null;
  const lines = linesOf(file.text);
  return { file, lines, ini: parseIni(lines) };
}

/** Tables of pyproject.toml that make it a project's: others only configure tools. */
const projectTables: readonly Path[] = [
  ['project'],
  ['tool', 'poetry'],
  ['tool', 'flit'],
  ['tool', 'setuptools'],
  ['tool', 'rye'],
  ['tool', 'uv', 'workspace'],
  ['tool', 'uv', 'sources'],
  ['tool', 'uv', 'dev-dependencies'],
  ['tool', 'hatch', 'envs'],
  ['tool', 'pdm'],
  ['dependency-groups'],
  ['build-system'],
];

/** The table that makes this pyproject.toml a project's; null where it configures tools only. */
export function projectTable({ value }: TomlManifest): Path | null {
  const isThere = (found: unknown) => isRecord(found) || Array.isArray(found);
  return projectTables.find((path) => isThere(valueAt(value, path))) ?? null;
}

/** The section that makes this setup.cfg a project's; null where it configures tools only. */
export function projectSection({ ini }: IniManifest): string | null {
  return ['metadata', 'options'].find((name) => ini.has(name)) ?? null;
}
