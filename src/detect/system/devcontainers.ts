/** Image and features of a dev container: https://containers.dev/implementors/json_reference/ */
import { append } from '../../append.ts';
import { entriesAt, stringAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { imageOf } from './images.ts';
import { versionsOf } from './said.ts';
import { features, versionGiven } from './setups.ts';
import { emptyStatements, type Statements } from './statements.ts';

const feature = /^ghcr\.io\/devcontainers\/features\/(?<name>[a-z-]{1,40})(?:[:@].{0,100})?$/;

export async function devContainerStatements(file: ClaimedFile): Promise<Statements> {
  const found = emptyStatements();
  const document = await parseJsonFile(file, { comments: true });
  if (document === null) return found;
  const image = stringAt(document.value, ['image']);
  if (image !== null) {
    const because = () => evidence(file, document.line(['image']), 'system/devcontainer-image');
    append(found.versions, versionsOf(imageOf(image), because));
  }
  for (const [key, body] of entriesAt(document.value, ['features'])) {
    const name = feature.exec(key.slice(0, 300))?.groups?.name ?? '';
    const row = Object.hasOwn(features, name) ? features[name] : undefined;
    const given = typeof body === 'string' ? body : stringAt(body, ['version']);
    const version = row === undefined || given === null ? null : versionGiven(row.id, given, row.scheme);
    if (row === undefined || version === null) continue;
    const because = evidence(file, document.line(['features', key]), 'system/devcontainer-feature');
    found.versions.push({ id: row.id, ...version, because });
  }
  return found;
}
