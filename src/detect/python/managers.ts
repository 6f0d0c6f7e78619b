/** Which package manager a project uses, and which version of it. */
import { entriesAt, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { scanLock } from './locks.ts';
import { type LockId, lockIds, lockNames, type Manifests } from './manifests.ts';

export type ManagerId = 'uv' | 'poetry' | 'pdm' | 'pipenv' | 'hatch' | 'pip';

export interface Manager {
  id: ManagerId;
  /** Path of the lock file that decided. */
  lockfile: string | null;
  because: Evidence[];
  findings: FindingNeed[];
}

/** Which manager reads a lock file; a standard one is installed by uv. */
const managerOf: Record<LockId, ManagerId> = {
  uv: 'uv',
  poetry: 'poetry',
  pdm: 'pdm',
  pipenv: 'pipenv',
  pylock: 'uv',
};

/**
 * The lock file decides; of several, the one whose tool the manifest configures. Without one, the tool
 * that the manifest configures; then pip, which can install every package whatever builds it.
 */
export function chooseManager(manifests: Manifests): Manager {
  const configured = configuredManager(manifests);
  const locks = lockIds.filter((id) => manifests.locks.has(id));
  const preferred = locks.find((id) => managerOf[id] === configured?.id) ?? locks[0];
  if (preferred !== undefined) {
    const lockfile = manifests.locks.get(preferred)?.path ?? null;
    const because = lockfile === null ? [] : [presence(lockfile, `python/${preferred}-lock`)];
    return {
      id: managerOf[preferred],
      lockfile,
      because,
      findings: severalLocks(manifests, locks, preferred),
    };
  }
  if (configured !== null) return { ...configured, lockfile: null, findings: [] };
  return { id: 'pip', lockfile: null, because: [], findings: [] };
}

function severalLocks(manifests: Manifests, locks: readonly LockId[], preferred: LockId): FindingNeed[] {
  // pylock.toml is an export of the others.
  const rivals = locks.filter((id) => id !== 'pylock');
  if (rivals.length < 2) return [];
  const names = rivals.map((id) => lockNames[id]).join(', ');
  return [
    findingNeed(
      'several-lock-files',
      'warning',
      `${manifests.folder === '.' ? 'The root' : manifests.folder} holds ${names}: ${lockNames[preferred]} is used`,
      'Remove those that are no longer kept.',
      rivals.map((id) => presence(manifests.locks.get(id)?.path ?? '', `python/${id}-lock`)),
    ),
  ];
}

/** The tables of pyproject.toml with which a build backend is configured, not the manager of that name. */
const backendKeys: Partial<Record<ManagerId, ReadonlySet<string>>> = {
  pdm: new Set(['build', 'version', 'publish']),
  uv: new Set(['build-backend', 'pip']),
};

function configuredManager({
  pyproject,
  pipfile,
  uvToml,
  hatchToml,
  has,
}: Manifests): Omit<Manager, 'lockfile' | 'findings'> | null {
  if (pyproject !== null) {
    for (const id of ['poetry', 'pdm', 'uv'] as const) {
      const path = ['tool', id];
      const keys = entriesAt(pyproject.value, path).filter(([key]) => backendKeys[id]?.has(key) !== true);
      const isTable = valueAt(pyproject.value, path) !== undefined;
      // An empty table is how `pdm init` and `poetry init` leave it.
      if (keys.length > 0 || (isTable && entriesAt(pyproject.value, path).length === 0)) {
        return { id, because: [pyproject.because(path, `python/tool-${id}`)] };
      }
    }
  }
  if (pipfile !== null) return { id: 'pipenv', because: [presence(pipfile.file.path, 'python/pipfile')] };
  if (pyproject === null) return null;
  if (uvToml !== null) return { id: 'uv', because: [presence(uvToml.file.path, 'python/uv-toml')] };
  for (const name of ['pdm.toml', '.pdm.toml']) {
    if (has(name)) return { id: 'pdm', because: [presence(pyproject.file.path, 'python/pdm-toml')] };
  }
  const environments = ['tool', 'hatch', 'envs'];
  if (entriesAt(pyproject.value, environments).length > 0) {
    return { id: 'hatch', because: [pyproject.because(environments, 'python/hatch-environments')] };
  }
  if (hatchToml !== null && entriesAt(hatchToml.value, ['envs']).length > 0) {
    return { id: 'hatch', because: [hatchToml.because(['envs'], 'python/hatch-environments')] };
  }
  const backend = ['build-system', 'build-backend'];
  const builder = backends.find(({ prefix }) => stringAt(pyproject.value, backend)?.startsWith(prefix));
  return builder === undefined
    ? null
    : { id: builder.id, because: [pyproject.because(backend, 'python/build-backend')] };
}

/** Build backends that come with a manager; those of PDM and Hatch are used with any. */
const backends: readonly { prefix: string; id: ManagerId }[] = [
  { prefix: 'poetry.', id: 'poetry' },
  { prefix: 'uv_build', id: 'uv' },
];

/** The lock format's version says which Poetry wrote it, where the header does not. */
const poetryFormats: Readonly<Record<string, string>> = { '2.0': '1.3', '2.1': '2.0' };

/**
 * Versions of the manager that the repository asks for: version files, then the manager's own settings
 * (https://docs.astral.sh/uv/reference/settings/#required-version,
 * https://python-poetry.org/docs/pyproject/#requires-poetry), then the version that wrote the lock file,
 * which a newer one can read.
 */
export async function managerRequests(
  inventory: Inventory,
  { id }: Manager,
  manifests: Manifests,
): Promise<VersionRequest[]> {
  if (id === 'pip') return [];
  const requests = await versionFileRequests(inventory, manifests.folder, [id]);
  const { pyproject, uvToml, locks } = manifests;
  const settings = [
    { manager: 'uv', manifest: uvToml, path: ['required-version'], scheme: 'pep440' },
    { manager: 'uv', manifest: pyproject, path: ['tool', 'uv', 'required-version'], scheme: 'pep440' },
    { manager: 'poetry', manifest: pyproject, path: ['tool', 'poetry', 'requires-poetry'], scheme: 'poetry' },
  ] as const;
  for (const { manager, manifest, path, scheme } of settings) {
    const raw = manager === id && manifest !== null ? stringAt(manifest.value, path) : null;
    if (manifest === null || raw === null) continue;
    const because = manifest.because(path, `python/${id}-version`);
    requests.push(/^\d/.test(raw) ? { raw, scheme: 'exact', because } : { raw, scheme, because });
  }
  const lock = id === 'poetry' ? locks.get('poetry') : undefined;
  if (lock !== undefined) {
    const { generator, header } = scanLock(lock);
    const format = header.get('lock-version');
    const written = generator?.version ?? poetryFormats[format?.value ?? ''];
    const line = generator?.line ?? format?.line;
    if (written !== undefined && line !== undefined) {
      requests.push({
        raw: written,
        scheme: 'minimum',
        because: evidence(lock, line, 'python/poetry-lock-version'),
      });
    }
  }
  return requests;
}
