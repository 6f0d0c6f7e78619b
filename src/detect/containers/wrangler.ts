/** Cloudflare Containers: https://developers.cloudflare.com/containers/configuration/wrangler/ */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile, parseTomlFile } from '../shared/parsed.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { wranglerNames } from './claims.ts';

export interface WranglerContainers {
  version: string | null;
  because: Evidence[];
}

/** Containers that `wrangler dev` starts: of the configuration that wrangler takes in each folder. */
export async function wranglerContainers(inventory: Inventory): Promise<WranglerContainers | null> {
  const because: Evidence[] = [];
  let version: string | null = null;
  for (const file of filesNamed({ inventory }, wranglerNames)) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder) || chosenIn(inventory, folder) !== file) continue;
    const document = await parseWrangler(file);
    if (document === null || valueAt(document.value, ['dev', 'enable_containers']) === false) continue;
    const path = containersPath(document.value);
    if (path === null) continue;
    because.push(evidence(file, document.line(path), 'containers/wrangler'));
    version ??= await wranglerVersion(inventory, folder);
  }
  return because.length === 0 ? null : { version, because };
}

function chosenIn(inventory: Inventory, folder: string): ClaimedFile | undefined {
  return (
    wranglerNames.map((name) => fileIn(inventory, folder, name)).find((file) => file !== null) ?? undefined
  );
}

function parseWrangler(file: ClaimedFile): Promise<ParsedDocument | null> {
  return nameOf(file.path).endsWith('.toml') ? parseTomlFile(file) : parseJsonFile(file, { comments: true });
}

/** Where containers are configured: for all environments, or for a named one. */
function containersPath(value: unknown): Path | null {
  const places: Path[] = [
    ['containers'],
    ...entriesAt(value, ['env']).map(([name]) => ['env', name, 'containers']),
  ];
  return (
    places.find((place) => {
      const containers = valueAt(value, place);
      return (
        Array.isArray(containers) &&
        containers.some(
          (each) => stringAt(each, ['class_name']) !== null || stringAt(each, ['image']) !== null,
        )
      );
    }) ?? null
  );
}

/** How lock files write the version of wrangler that is installed. */
const lockedVersions: readonly { name: string; pattern: RegExp }[] = [
  { name: 'pnpm-lock.yaml', pattern: /^ {2}\/?'?wrangler[@/](?<version>\d[\w.-]*)/m },
  { name: 'package-lock.json', pattern: /"node_modules\/wrangler": \{\s+"version": "(?<version>\d[^"]*)"/ },
  { name: 'yarn.lock', pattern: /^"?wrangler@[^\n]*\n\s+version:? "?(?<version>\d[^"\s]*)/m },
  { name: 'bun.lock', pattern: /"wrangler": \["wrangler@(?<version>\d[^"]*)"/ },
];

/** The locked version; else what package.json says where that is a single one. */
async function wranglerVersion(inventory: Inventory, folder: string): Promise<string | null> {
  for (const at of ancestors(folder)) {
    for (const { name, pattern } of lockedVersions) {
      const version = pattern.exec(fileIn(inventory, at, name)?.text ?? '')?.groups?.version;
      if (version !== undefined) return version;
    }
  }
  const manifest = ancestors(folder)
    .map((at) => fileIn(inventory, at, 'package.json'))
    .find((file) => file !== null);
  const document = manifest == null ? null : await parseJsonFile(manifest);
  const wanted =
    stringAt(document?.value, ['devDependencies', 'wrangler']) ??
    stringAt(document?.value, ['dependencies', 'wrangler']);
  return wanted !== null && /^\d+\.\d+\.\d+$/.test(wanted) ? wanted : null;
}
