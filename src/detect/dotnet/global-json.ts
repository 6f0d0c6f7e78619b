/** `global.json`: https://learn.microsoft.com/dotnet/core/tools/global-json */
import { stringAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { nearest } from '../shared/tree.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';

export interface SdkDemand {
  request: VersionRequest;
  /** The major that it begins with. */
  major: number;
  /** Whether SDKs of later majors will do as well. */
  isOpen: boolean;
}

/** What the nearest file upwards accepts; a finding where that is not understood. */
export async function sdkDemand(
  inventory: Inventory,
  folder: string,
): Promise<{ demand: SdkDemand | null; findings: FindingNeed[] }> {
  const file = nearest(inventory, folder, ['global.json']);
  const parsed = file === null ? null : await parseJsonFile(file, { comments: true });
  const version = parsed === null ? null : stringAt(parsed.value, ['sdk', 'version']);
  if (file === null || parsed === null || version === null) return { demand: null, findings: [] };
  const because = evidence(file, parsed.line(['sdk', 'version']), 'dotnet/global-json');
  const policy = stringAt(parsed.value, ['sdk', 'rollForward']) ?? 'latestPatch';
  const demand = demandOf(version, policy.toLowerCase());
  if (demand !== null) {
    const { raw, major, isOpen } = demand;
    const scheme = policy.toLowerCase() === 'disable' ? 'exact' : 'semver';
    return { demand: { request: { raw, scheme, because }, major, isOpen }, findings: [] };
  }
  return {
    demand: null,
    findings: [
      {
        kind: 'finding',
        code: 'version-not-understood',
        severity: 'warning',
        message: `${file.path} asks for an SDK that is no version, or by a policy that there is not`,
        hint: 'Write the whole version of an SDK, such as 8.0.100.',
        because: [because],
      },
    ],
  };
}

/**
 * The SDKs that a policy accepts. The third number of an SDK is its feature band, in hundreds, and its patch:
 * `latestPatch` of 8.0.103 is from 8.0.103 up to 8.0.200.
 */
function demandOf(version: string, policy: string): { raw: string; major: number; isOpen: boolean } | null {
  const { major, minor, patch } =
    /^(?<major>\d{1,4})\.(?<minor>\d{1,4})\.(?<patch>\d{1,6})(?:-[\w.+-]{1,80})?$/.exec(version)?.groups ??
    {};
  if (major === undefined || minor === undefined || patch === undefined) return null;
  const [x, y, z] = [Number(major), Number(minor), Number(patch)];
  const from = `>=${x}.${y}.${z}`;
  const closed = (raw: string) => ({ raw, major: x, isOpen: false });
  switch (policy) {
    case 'disable':
      return closed(`${x}.${y}.${z}`);
    case 'patch':
    case 'latestpatch':
      return closed(`${from} <${x}.${y}.${(Math.floor(z / 100) + 1) * 100}`);
    case 'feature':
    case 'latestfeature':
      return closed(`${from} <${x}.${y + 1}.0`);
    case 'minor':
    case 'latestminor':
      return closed(`${from} <${x + 1}.0.0`);
    case 'major':
    case 'latestmajor':
      return { raw: from, major: x, isOpen: true };
    default:
      return null;
  }
}
