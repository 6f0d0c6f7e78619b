/** Which SDK a package asks for. */
import { stringAt } from '../../parse/value.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { ancestors, fileIn, join } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { DetectContext, VersionRequest } from '../types.ts';
import type { DartPackage } from './packages.ts';

/** Version files, then the constraint that pub itself checks. */
export async function dartRequests(
  { inventory }: DetectContext,
  owner: DartPackage,
): Promise<VersionRequest[]> {
  const shared = await versionFileRequests(inventory, owner.folder, ['dart']);
  return [...shared, ...constraint(owner, 'sdk')];
}

/** FVM's version (https://fvm.app/documentation/getting-started/configuration), then as for Dart. */
export async function flutterRequests(context: DetectContext, owner: DartPackage): Promise<VersionRequest[]> {
  const own = await fvmRequest(context, owner.folder);
  const shared = await versionFileRequests(context.inventory, owner.folder, ['flutter']);
  return [...(own === null ? [] : [own]), ...shared.map(plain), ...constraint(owner, 'flutter')];
}

async function fvmRequest({ inventory }: DetectContext, folder: string): Promise<VersionRequest | null> {
  for (const at of ancestors(folder)) {
    for (const [file, key] of [
      [fileIn(inventory, at, '.fvmrc'), 'flutter'],
      [inventory.files.get(join(at, '.fvm/fvm_config.json')) ?? null, 'flutterSdkVersion'],
    ] as const) {
      const document = file === null ? null : await parseJsonFile(file);
      const raw = stringAt(document?.value, [key]);
      if (file === null || document === null || raw === null) continue;
      const because = evidence(file, document.line([key]), 'dart/fvm');
      return plain({ raw, scheme: /^v?\d/.test(raw) ? 'prefix' : 'alias', because });
    }
  }
  return null;
}

/** `3.19.0-stable`, `3.19.0@beta`: the channel that a version was released on is no part of it. */
function plain(request: VersionRequest): VersionRequest {
  const { version } = /^v?(?<version>\d+(?:\.\d+){0,2})[-@](?:stable|beta)$/.exec(request.raw)?.groups ?? {};
  return version === undefined ? request : { ...request, raw: version, scheme: 'prefix' };
}

function constraint({ file, document }: DartPackage, key: 'sdk' | 'flutter'): VersionRequest[] {
  const place = ['environment', key];
  const raw = stringAt(document.value, place);
  if (raw === null || raw === 'any' || raw.length > 100) return [];
  const because = evidence(file, document.line(place), `dart/${key}`);
  return [{ raw: key === 'sdk' ? asPubReads(raw) : raw, scheme: 'semver', because }];
}

/**
 * With null safety (a lower bound of 2.12 or more), pub takes an end below 3.0.0 for one below 4.0.0:
 * https://dart.dev/resources/dart-3-migration#dart-3-backwards-compatibility
 */
function asPubReads(raw: string): string {
  const { minor = '' } = /^(?:>=|\^)\s*2\.(?<minor>\d{1,9})\./.exec(raw)?.groups ?? {};
  if (minor === '' || Number(minor) < 12) return raw;
  return raw.startsWith('^') ? `>=${raw.slice(1)} <4.0.0` : raw.replace(/<\s*3\.0\.0\s*$/, '<4.0.0');
}
