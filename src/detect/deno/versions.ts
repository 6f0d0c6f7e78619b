/** Which version of Deno a project asks for: version files, then the lock file's format. */
import { stringAt } from '../../parse/value.ts';
import { evidence } from '../evidence.ts';
import type { Runtime, Versions } from '../node/pins.ts';
import { versionReader } from '../node/versions.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { nearest } from '../shared/tree.ts';
import type { DetectContext, VersionRequest } from '../types.ts';

/** `.dvmrc` is dvm's (https://dvm.deno.dev), `.deno-version` denoenv's. */
export const denoRuntime: Runtime = { id: 'deno', files: ['.dvmrc', '.deno-version'], tools: ['deno'] };

/** First Deno that writes a version of the lock file; later ones read it. */
const lockVersions: Readonly<Record<string, string>> = { '5': '2.3', '4': '2.0', '3': '1' };

export async function denoVersions(context: DetectContext, folder: string): Promise<Versions> {
  const { requests, findings } = await versionReader(context, denoRuntime).pins(folder);
  const lock = await lockRequest(context, folder);
  return { requests: lock === null ? requests : [...requests, lock], findings };
}

async function lockRequest({ inventory }: DetectContext, folder: string): Promise<VersionRequest | null> {
  const file = nearest(inventory, folder, ['deno.lock']);
  if (file === null) return null;
  const document = await parseJsonFile(file);
  const version = stringAt(document?.value, ['version']);
  const minimum =
    version === null || !Object.hasOwn(lockVersions, version) ? undefined : lockVersions[version];
  if (document === null || minimum === undefined) return null;
  return {
    raw: minimum,
    scheme: 'minimum',
    because: evidence(file, document.line(['version']), 'deno/lockfile-version'),
  };
}
