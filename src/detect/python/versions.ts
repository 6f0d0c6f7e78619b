/**
 * Which Python a project asks for.
 *
 * Files that name one interpreter come before ranges: they are what pyenv, uv, asdf, mise and Heroku start
 * (uv: https://docs.astral.sh/uv/concepts/python-versions/#python-version-files; Pipenv prefers
 * `python_full_version`: https://pipenv.pypa.io/en/latest/pipfile.html). Then what the manifests allow
 * (https://packaging.python.org/en/latest/specifications/pyproject-toml/#requires-python,
 * https://python-poetry.org/docs/pyproject/), and last what the lock files repeat of it.
 */
import { stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { configurationFile } from '../shared/binder.ts';
import { isCondaFolder } from '../shared/conda.ts';
import { findingNeed } from '../shared/finding.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { ancestors, fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest, VersionScheme } from '../types.ts';
import { scanLock } from './locks.ts';
import type { Manifests } from './manifests.ts';
import { literal } from './setup-py.ts';
import { versionHints } from './version-hints.ts';
import { parseVersionText } from './version-text.ts';

export interface Asked {
  requests: VersionRequest[];
  findings: FindingNeed[];
}

/**
 * All requests of a project, in order of precedence.
 *
 * @param root manifests of the workspace that the project belongs to, if any: its range binds too
 */
export async function pythonRequests(
  inventory: Inventory,
  manifests: Manifests,
  root: Manifests | null,
): Promise<Asked> {
  const files = await versionFiles(inventory, manifests.folder);
  const conda = await fromConda(inventory, manifests.folder);
  const requests = [
    ...files.requests,
    ...conda.filter(({ scheme }) => scheme === 'prefix'),
    ...fromPipfile(manifests),
    ...fromHatch(manifests),
    ...fromPyproject(manifests),
    ...fromSetup(manifests),
    ...(root === null ? [] : fromPyproject(root)),
    ...(await fromLocks(manifests)),
    ...(root === null ? [] : await fromLocks(root)),
    ...conda.filter(({ scheme }) => scheme !== 'prefix'),
  ];
  return { requests: requests.length > 0 ? requests : versionHints(manifests), findings: files.findings };
}

/** An environment of conda names an interpreter, or bounds for one. */
async function fromConda(inventory: Inventory, folder: string): Promise<VersionRequest[]> {
  if (!isCondaFolder(inventory, folder, false)) return [];
  const { condaPythonRequests } = await import('../conda/requests.ts');
  return condaPythonRequests(inventory, folder);
}

/** Requests of the version files that hold for a folder, whether or not a project stands there. */
export async function versionFiles(inventory: Inventory, folder: string): Promise<Asked> {
  const pinned = fromPythonVersion(inventory, folder);
  const shared = await versionFileRequests(inventory, folder, ['python']);
  const runtime = fromRuntimeTxt(inventory, folder);
  return {
    requests: [...pinned.requests, ...shared.map(understood), ...runtime],
    findings: pinned.findings,
  };
}

/** asdf and mise write PyPy and development versions as pyenv does. */
function understood(request: VersionRequest): VersionRequest {
  return { ...request, ...parseVersionText(request.raw) };
}

/** The nearest `.python-version`; several lines are several interpreters, of which the first is the default. */
function fromPythonVersion(inventory: Inventory, folder: string): Asked {
  for (const at of ancestors(folder)) {
    for (const name of ['.python-version', '.python-versions']) {
      const file = fileIn(inventory, at, name);
      if (file === null || file.text === null) continue;
      const found = firstVersion(file);
      if (found.requests.length > 0 || found.findings.length > 0) return found;
    }
  }
  return { requests: [], findings: [] };
}

function firstVersion(file: ClaimedFile): Asked {
  const rule = 'python/python-version';
  const words = (file.text ?? '').split(/\r\n|\r|\n/).flatMap((text, at) => {
    const plain = (text.split('#')[0] ?? '').trim();
    // A range may hold spaces; several versions on one line are pyenv's.
    const found = /[<>=!~]/.test(plain) ? [plain] : plain.split(/\s+/).filter((word) => word !== '');
    return found.map((word) => ({ word, line: at + 1 }));
  });
  for (const { word, line } of words) {
    const version = parseVersionText(word);
    if (version === null) continue;
    const because = evidence(file, line, rule);
    const several = `${file.path} names ${words.length} interpreters: ${version.raw} is the default, the others are left out`;
    const findings =
      words.length === 1
        ? []
        : [
            findingNeed('python-versions-many', 'info', several, 'Name one, or add others with "packages".', [
              because,
            ]),
          ];
    return { requests: [{ ...version, because }], findings };
  }
  const first = words[0];
  if (first === undefined) return { requests: [], findings: [] };
  const unknown = `${file.path}:${first.line} names no version of Python`;
  return {
    requests: [],
    findings: [
      findingNeed('python-version-unknown', 'warning', unknown, 'Write a version such as 3.12.', [
        evidence(file, first.line, rule),
      ]),
    ],
  };
}

/** Heroku's and Netlify's `runtime.txt`; Binder's names other languages too. */
function fromRuntimeTxt(inventory: Inventory, folder: string): VersionRequest[] {
  for (const at of ancestors(folder)) {
    const file = configurationFile(inventory, at, 'runtime.txt');
    const [first = ''] = (file?.text ?? '').split(/\r\n|\r|\n/).filter((line) => line.trim() !== '');
    const version = parseVersionText(first);
    if (file !== null && version !== null && version.scheme === 'prefix') {
      return [{ ...version, because: evidence(file, 1, 'python/runtime-txt') }];
    }
  }
  return [];
}

function fromPipfile({ pipfile }: Manifests): VersionRequest[] {
  if (pipfile === null) return [];
  return ['python_full_version', 'python_version'].flatMap((key) => {
    const path = ['requires', key];
    const version = parseVersionText(stringAt(pipfile.value, path) ?? '');
    return version === null
      ? []
      : [{ ...version, because: pipfile.because(path, 'python/pipfile-requires') }];
  });
}

/** The interpreter of Hatch's default environment: https://hatch.pypa.io/latest/config/environment/overview/#python-version */
function fromHatch({ pyproject, hatchToml }: Manifests): VersionRequest[] {
  const places = [
    [hatchToml, ['envs', 'default', 'python']],
    [pyproject, ['tool', 'hatch', 'envs', 'default', 'python']],
  ] as const;
  return places.flatMap(([manifest, path]) => {
    const version = manifest === null ? null : parseVersionText(stringAt(manifest.value, path) ?? '');
    return manifest === null || version === null
      ? []
      : [{ ...version, because: manifest.because(path, 'python/hatch-environment') }];
  });
}

function fromPyproject({ pyproject }: Manifests): VersionRequest[] {
  if (pyproject === null) return [];
  const requests: VersionRequest[] = [];
  const poetry = ['tool', 'poetry', 'dependencies', 'python'];
  const declared = valueAt(pyproject.value, poetry);
  const constraint = typeof declared === 'string' ? declared : stringAt(declared, ['version']);
  add(requests, constraint, 'poetry', () => pyproject.because(poetry, 'python/poetry-python'));
  for (const [path, rule] of [
    [['project', 'requires-python'], 'python/requires-python'],
    [['tool', 'flit', 'metadata', 'requires-python'], 'python/requires-python'],
  ] as const) {
    add(requests, stringAt(pyproject.value, path), 'pep440', () => pyproject.because(path, rule));
  }
  return requests;
}

function fromSetup({ setupCfg, setupPy }: Manifests): VersionRequest[] {
  const requests: VersionRequest[] = [];
  const configured = setupCfg?.ini.get('options')?.entries.get('python_requires');
  if (setupCfg !== null && configured !== undefined) {
    const { value, line } = configured;
    add(requests, value.replace(/\n/g, ' '), 'pep440', () =>
      evidence(setupCfg.file, line, 'python/setup-cfg'),
    );
  }
  const written = setupPy === null ? null : literal(setupPy.text ?? '', 'pythonRequires');
  if (setupPy !== null && written !== null) {
    add(requests, written.value, 'pep440', () => evidence(setupPy, written.line, 'python/setup-py'));
  }
  return requests;
}

/** Where lock files repeat what they were resolved for. */
const locked = [
  { id: 'uv', key: 'requires-python', scheme: 'pep440' },
  { id: 'poetry', key: 'python-versions', scheme: 'poetry' },
  { id: 'pdm', key: 'requires_python', scheme: 'pep440' },
  { id: 'pylock', key: 'requires-python', scheme: 'pep440' },
] as const;

async function fromLocks({ locks }: Manifests): Promise<VersionRequest[]> {
  const requests: VersionRequest[] = [];
  for (const { id, key, scheme } of locked) {
    const file = locks.get(id);
    const entry = file === undefined ? undefined : scanLock(file).header.get(key);
    if (file !== undefined && entry !== undefined) {
      add(requests, entry.value, scheme, () => evidence(file, entry.line, `python/${id}-lock`));
    }
  }
  const pipenv = locks.get('pipenv');
  const document = pipenv === undefined ? null : await parseJsonFile(pipenv);
  if (pipenv !== undefined && document !== null) {
    for (const key of ['python_full_version', 'python_version']) {
      const path = ['_meta', 'requires', key];
      const version = parseVersionText(stringAt(document.value, path) ?? '');
      if (version !== null) {
        requests.push({ ...version, because: evidence(pipenv, document.line(path), 'python/pipenv-lock') });
      }
    }
  }
  return requests;
}

/** Adds a range, unless it allows everything. */
function add(
  requests: VersionRequest[],
  text: string | null,
  scheme: VersionScheme,
  because: () => VersionRequest['because'],
): void {
  const raw = text?.trim() ?? '';
  if (raw !== '' && raw !== '*') requests.push({ raw, scheme, because: because() });
}
