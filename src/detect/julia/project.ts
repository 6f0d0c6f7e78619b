/** What a folder says of Julia. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, type Path, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { configurationFile } from '../shared/binder.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { fileIn } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { VersionRequest } from '../types.ts';
import { manifestNames, projectNames } from './claims.ts';

export interface JuliaProject {
  folder: string;
  file: ClaimedFile;
  document: ParsedDocument;
  name: string | null;
  /** It can be tested and loaded as a package: it has a name and a UUID. */
  isPackage: boolean;
  /** Names of direct dependencies, those for tests included. */
  dependencies: ReadonlySet<string>;
  /** Folders of the workspace below it. */
  members: readonly string[];
  manifest: ClaimedFile | null;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The project of a folder; null where its file is another tool's. */
export async function readProject(inventory: Inventory, folder: string): Promise<JuliaProject | null> {
  for (const name of projectNames) {
    const file = configurationFile(inventory, folder, name);
    if (file?.text == null) continue;
    const document = await parseTomlFile(file);
    if (document === null || !isJulia(document.value)) return null;
    const { value } = document;
    const tables = ['deps', 'weakdeps', 'extras'];
    return {
      folder,
      file,
      document,
      name: stringAt(value, ['name']),
      isPackage: stringAt(value, ['name']) !== null && uuid.test(stringAt(value, ['uuid']) ?? ''),
      dependencies: new Set(
        tables.flatMap((table) => entriesAt(value, [table]).map(([dependency]) => dependency)),
      ),
      members: stringsAt(value, ['workspace', 'projects']),
      manifest:
        manifestNames.map((each) => fileIn(inventory, folder, each)).find((each) => each !== null) ?? null,
    };
  }
  return null;
}

/** Dependencies are by UUID; a package has one itself; an empty project has at least a table of Julia's. */
function isJulia(value: unknown): boolean {
  if (uuid.test(stringAt(value, ['uuid']) ?? '')) return true;
  const dependencies = entriesAt(value, ['deps']);
  if (dependencies.length > 0) return dependencies.every(([, id]) => typeof id === 'string' && uuid.test(id));
  return stringAt(value, ['compat', 'julia']) !== null || isRecord(valueAt(value, ['deps']));
}

/**
 * Requests in order of precedence: what a version manager starts, what the manifest was resolved with (Julia warns
 * where another reads it, and juliaup chooses by it), what the project allows.
 */
export async function juliaRequests(inventory: Inventory, project: JuliaProject): Promise<VersionRequest[]> {
  const { folder, file, document, manifest } = project;
  const requests = await versionFileRequests(inventory, folder, ['julia']);
  const resolved = manifest === null ? null : resolvedWith(manifest);
  if (resolved !== null) requests.push(resolved);
  const path: Path = ['compat', 'julia'];
  const allowed = stringAt(document.value, path);
  if (allowed !== null) {
    const because = evidence(file, document.line(path), 'julia/compat');
    requests.push({ raw: allowed, scheme: 'julia', because });
  }
  return requests;
}

/** `julia_version = "1.10.4"` stands before all tables; a manifest can be large, and is not parsed for it. */
function resolvedWith(file: ClaimedFile): VersionRequest | null {
  const head = (file.text ?? '').slice(0, 4000).split('\n');
  const end = head.findIndex((line) => line.startsWith('['));
  for (const [at, line] of head.slice(0, end === -1 ? undefined : end).entries()) {
    const { version } = /^julia_version\s*=\s*"(?<version>\d[\w.+-]{0,40})"/.exec(line)?.groups ?? {};
    if (version === undefined) continue;
    return { raw: version, scheme: 'prefix', because: evidence(file, at + 1, 'julia/manifest') };
  }
  return null;
}
