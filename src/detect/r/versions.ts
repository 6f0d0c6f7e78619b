/** Which R a project asks for: files that name one version before what a package allows. */
import { stringAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { configurationFile } from '../shared/binder.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { VersionRequest } from '../types.ts';
import { type DcfDependency, type DcfField, dependenciesOf } from './dcf.ts';
import type { RManifests } from './manifests.ts';

/** Requests of a folder, in order of precedence. */
export async function rRequests(
  inventory: Inventory,
  { folder, description, renv, packrat }: RManifests,
): Promise<VersionRequest[]> {
  const runtime = runtimeOf(inventory, folder);
  return [
    ...ownFile(inventory, folder),
    ...(await versionFileRequests(inventory, folder, ['R', 'r'])),
    ...(runtime?.request ?? []),
    ...(renv === null ? [] : await fromRenv(renv)),
    ...(packrat === null ? [] : fromPackrat(packrat)),
    ...(description === null ? [] : fromDescription(description.file, description.fields)),
  ];
}

function ownFile(inventory: Inventory, folder: string): VersionRequest[] {
  const file = nearest(inventory, folder, ['.R-version']);
  const { version } = /^\s*(?:R-?)?(?<version>\d[\d.]{0,20})\s*$/m.exec(file?.text ?? '')?.groups ?? {};
  if (file === null || version === undefined) return [];
  return [{ raw: version, scheme: 'prefix', because: evidence(file, 1, 'r/r-version') }];
}

export interface RRuntime {
  file: ClaimedFile;
  /** One where a version of R is named. */
  request: VersionRequest[];
  /** ISO date of the snapshot of CRAN that packages come from. */
  date: string | null;
}

/**
 * `runtime.txt` as Binder reads it: `r-4.3-2023-06-01`, `r-2023-06-01`
 * (https://repo2docker.readthedocs.io/en/latest/config_files.html#runtime-txt-specifying-runtimes); null for
 * another language's.
 */
export function runtimeOf(inventory: Inventory, folder: string): RRuntime | null {
  const file = configurationFile(inventory, folder, 'runtime.txt');
  const { version, date } =
    /^\s*r(?:-(?<version>\d{1,2}(?:\.\d{1,2}){0,2}))?(?:-(?<date>\d{4}-\d{2}-\d{2}))?\s*$/.exec(
      (file?.text ?? '').slice(0, 200),
    )?.groups ?? {};
  if (file === null || (version === undefined && date === undefined)) return null;
  const because = evidence(file, 1, 'r/runtime-txt');
  return {
    file,
    request: version === undefined ? [] : [{ raw: version, scheme: 'prefix', because }],
    date: date ?? null,
  };
}

/** https://rstudio.github.io/renv/articles/lockfile.html */
async function fromRenv(file: ClaimedFile): Promise<VersionRequest[]> {
  const document = await parseJsonFile(file);
  const path = ['R', 'Version'];
  const version = stringAt(document?.value, path);
  if (document === null || version === null) return [];
  return [{ raw: version, scheme: 'prefix', because: evidence(file, document.line(path), 'r/renv-lock') }];
}

/** Its first record: `RVersion: 3.4.4`. */
function fromPackrat(file: ClaimedFile): VersionRequest[] {
  const lines = (file.text ?? '').slice(0, 4000).split('\n');
  const at = lines.findIndex((line) => line.startsWith('RVersion:'));
  const { version } = /^RVersion:\s*(?<version>\d[\d.]{0,20})\s*$/.exec(lines[at] ?? '')?.groups ?? {};
  if (version === undefined) return [];
  return [{ raw: version, scheme: 'prefix', because: evidence(file, at + 1, 'r/packrat-lock') }];
}

function fromDescription(file: ClaimedFile, fields: ReadonlyMap<string, DcfField>): VersionRequest[] {
  const bounds = dependenciesOf(fields.get('Depends')).filter(
    ({ name, version }) => name === 'R' && version !== '',
  );
  const [first] = bounds;
  const range = first === undefined ? null : rangeOf(bounds);
  if (first === undefined || range === null) return [];
  return [{ ...range, because: evidence(file, first.line, 'r/depends') }];
}

/** Several bounds bind together; one that is only a least version stays so. */
function rangeOf(bounds: readonly DcfDependency[]): Pick<VersionRequest, 'raw' | 'scheme'> | null {
  const parts = bounds.map(
    ({ version }) => /^(?<sign>>=|<=|==|>|<)\s*(?<number>\d[\d.-]{0,20})$/.exec(version)?.groups,
  );
  const known = parts.flatMap((groups) =>
    groups === undefined
      ? []
      : [{ sign: groups.sign ?? '', number: (groups.number ?? '').replaceAll('-', '.') }],
  );
  const [only, ...others] = known;
  if (only === undefined || known.length < bounds.length) return null;
  if (others.length === 0 && only.sign === '>=') return { raw: only.number, scheme: 'minimum' };
  const raw = known.map(({ sign, number }) => `${sign === '==' ? '=' : sign}${number}`).join(' ');
  return { raw, scheme: 'semver' };
}
