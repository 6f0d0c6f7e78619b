/** What dependencies need, from the compiled table. */
import { contains } from '../versions/interval.ts';
import { readRequest } from '../versions/request.ts';
import { parseTuple } from '../versions/tuple.ts';
import type { NativeData, NativeEntry, NativeTable } from './data-types.ts';
import { nativeEcosystems } from './native-ecosystems.ts';
import { own } from './own.ts';
import type { NativeEcosystem, NativeRow } from './types.ts';

/** The row of a package at a version; null when nothing is known of it. */
export function nativeRow(
  ecosystem: NativeEcosystem,
  table: NativeTable,
  name: string,
  version: string | null,
): NativeRow | null {
  const entry = own(table.packages, name);
  if (entry === undefined) return null;
  const data = resolve(ecosystem, table, entry, version);
  return data === null ? null : rowOf(data);
}

function resolve(
  ecosystem: NativeEcosystem,
  table: NativeTable,
  entry: NativeEntry,
  version: string | null,
): NativeData | null {
  if (typeof entry === 'string') {
    const named = own(table.shared, entry) ?? own(table.packages, entry);
    return named === undefined || named === entry ? null : resolve(ecosystem, table, named, version);
  }
  if (!('versions' in entry)) return entry;
  const release = version === null ? null : parseTuple(releaseOf(version));
  for (const [range, row] of entry.versions) {
    const wish = readRequest({ raw: range, scheme: nativeEcosystems[ecosystem].ranges });
    if (release === null || (wish.kind === 'set' && contains(wish.set, release))) {
      return resolve(ecosystem, table, row, version);
    }
  }
  return null;
}

/** `v1.2.3-0.20240101` → `1.2.3`: which release's needs a pre-release has. */
function releaseOf(version: string): string {
  return /^v?(?<release>\d+(?:\.\d+)*)/.exec(version)?.groups?.release ?? '';
}

function rowOf(data: NativeData): NativeRow {
  return {
    link: data.link ?? [],
    dlopen: data.dlopen ?? [],
    tools: data.tools ?? [],
    compiler: data.compiler ?? false,
    variables: (data.variables ?? []).map((each) => ({ ...each, systems: each.systems ?? null })),
    linuxOnly: data.linuxOnly ?? [],
    finding: data.finding ?? null,
  };
}
