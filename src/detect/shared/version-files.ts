/**
 * Version files that serve many languages: asdf's `.tool-versions`
 * (https://asdf-vm.com/manage/configuration.html#tool-versions) and mise's `mise.toml`
 * (https://mise.jdx.dev/configuration.html).
 */

import { append } from '../../append.ts';
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import type { VersionRequest, VersionScheme } from '../types.ts';
import { parseTomlFile } from './parsed.ts';
import { ancestors, fileIn } from './tree.ts';

/** For the claims of every ecosystem that reads them. */
export const versionFileClaims = {
  names: ['.tool-versions', 'mise.toml', '.mise.toml'],
  suffixes: ['mise/config.toml', '.mise/config.toml', '.config/mise.toml', '.config/mise/config.toml'],
} as const;

/** In mise's order of precedence within one folder. */
const miseNames = [
  'mise.toml',
  '.mise.toml',
  'mise/config.toml',
  '.mise/config.toml',
  '.config/mise.toml',
  '.config/mise/config.toml',
] as const;

/**
 * Requests for a tool from the nearest version files, mise's before asdf's, nearest folder first.
 *
 * @param tools names under which the tool goes there (`node`, `nodejs`)
 */
export async function versionFileRequests(
  inventory: Inventory,
  folder: string,
  tools: readonly string[],
): Promise<VersionRequest[]> {
  const requests: VersionRequest[] = [];
  for (const at of ancestors(folder)) {
    for (const name of miseNames) {
      const file = fileIn(inventory, at, name);
      if (file?.text) append(requests, await fromMise(file, tools));
    }
    const asdf = fileIn(inventory, at, '.tool-versions');
    if (asdf?.text) append(requests, fromToolVersions(asdf, tools));
    if (requests.length > 0) return requests;
  }
  return requests;
}

const toolVersionsLine = /^\s*(?<tool>[^\s#]+)\s+(?<version>[^\s#]+)/;

function fromToolVersions(file: ClaimedFile, tools: readonly string[]): VersionRequest[] {
  const lines = (file.text ?? '').split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    const { tool, version } = toolVersionsLine.exec(line)?.groups ?? {};
    if (tool === undefined || version === undefined || !tools.includes(tool)) continue;
    const request = requestOf(version);
    if (request !== null)
      return [{ ...request, because: evidence(file, at + 1, 'version-files/tool-versions') }];
  }
  return [];
}

async function fromMise(file: ClaimedFile, tools: readonly string[]): Promise<VersionRequest[]> {
  const parsed = await parseTomlFile(file);
  if (parsed === null) return [];
  for (const tool of tools) {
    for (const key of [tool, `core:${tool}`]) {
      const entry = valueAt(parsed.value, ['tools', key]);
      const first: unknown = Array.isArray(entry) ? entry[0] : entry;
      const version = isRecord(first) ? stringAt(first, ['version']) : first;
      if (typeof version !== 'string' && typeof version !== 'number') continue;
      const request = requestOf(String(version));
      if (request === null) continue;
      return [{ ...request, because: evidence(file, parsed.line(['tools', key]), 'version-files/mise') }];
    }
  }
  return [];
}

const numbered = /^v?\d+(\.\d+)*([-+.]?[0-9A-Za-z.+-]*)?$/;

/** A version as asdf and mise write it; null for what names no version (`system`, `path:…`, `ref:…`). */
function requestOf(text: string): { raw: string; scheme: VersionScheme } | null {
  const raw = text.startsWith('prefix:') ? text.slice('prefix:'.length) : text;
  if (/^(system|path:|ref:|sub-)/.test(raw)) return null;
  return { raw, scheme: numbered.test(raw) ? 'prefix' : 'alias' };
}
