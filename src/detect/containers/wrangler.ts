/** Cloudflare Containers: https://developers.cloudflare.com/containers/ */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, type Path, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile, parseTomlFile } from '../shared/parsed.ts';
import { resolvePath } from '../shared/resolve.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import { allLines } from '../tasks/further.ts';
import type { FindingNeed } from '../types.ts';
import { wranglerNames } from './claims.ts';
import { isElsewhere } from './elsewhere.ts';
import type { Sign } from './signs.ts';
import { type ImageOfWorker, wranglerFindings } from './wrangler-findings.ts';

export interface WranglerContainers {
  signs: Sign[];
  findings: FindingNeed[];
}

/** Containers that `wrangler dev` builds and starts, and what it needs for that. */
export async function wranglerContainers(inventory: Inventory): Promise<WranglerContainers> {
  const signs: Sign[] = [];
  const findings: FindingNeed[] = [];
  for (const file of await configurations(inventory)) {
    const folder = folderOf(file.path);
    const document = await parseWrangler(file);
    if (document === null || valueAt(document.value, ['dev', 'enable_containers']) === false) continue;
    const places = containerPlaces(document.value);
    if (places.length === 0) continue;
    const version = await wranglerVersion(inventory, folder);
    for (const { path, isElsewhere: isDeployed } of places) {
      signs.push({
        container: 'wrangler-containers',
        // What is only configured for production is not what `wrangler dev` starts, unless it is told to.
        confidence: isDeployed ? 'low' : 'high',
        version,
        because: evidence(file, document.line(path), 'containers/wrangler'),
      });
    }
    findings.push(
      ...wranglerFindings({
        file,
        document,
        version,
        places: places.map(({ path }) => path),
        images: places.flatMap(({ path }) => imagesAt(inventory, file, document, path)),
        sandbox: await sandboxSdk(inventory, folder),
      }),
    );
  }
  return { signs, findings };
}

/** The configuration that wrangler takes in each folder, and those that a script names. */
async function configurations(inventory: Inventory): Promise<ClaimedFile[]> {
  const named = await namedConfigurations(inventory);
  const taken = filesNamed({ inventory }, wranglerNames).filter(({ path }) => {
    const folder = folderOf(path);
    return !isSideFolder(folder) && chosenIn(inventory, folder)?.path === path;
  });
  return [...new Set([...taken, ...named])];
}

/** `wrangler dev --config wrangler.dev.jsonc`, unless the line deploys. */
async function namedConfigurations(inventory: Inventory): Promise<ClaimedFile[]> {
  const option = /\swrangler\s[^;&|]*?\s(?:--config|-c)[\s=]["']?(?<path>[\w@./-]+\.(?:jsonc?|toml))/;
  return (await allLines(inventory)).flatMap(({ file, task, text }) => {
    const path = option.exec(` ${text.slice(0, 2000)}`)?.groups?.path;
    if (
      path === undefined ||
      isElsewhere(task) ||
      /\swrangler\s+(deploy|publish|versions)\b/.test(` ${text}`)
    )
      return [];
    const resolved = resolvePath(folderOf(file.path), path);
    return (resolved === null ? null : inventory.files.get(resolved)) ?? [];
  });
}

function chosenIn(inventory: Inventory, folder: string): ClaimedFile | undefined {
  return (
    wranglerNames.map((name) => fileIn(inventory, folder, name)).find((file) => file !== null) ?? undefined
  );
}

function parseWrangler(file: ClaimedFile): Promise<ParsedDocument | null> {
  return nameOf(file.path).endsWith('.toml') ? parseTomlFile(file) : parseJsonFile(file, { comments: true });
}

/** Where containers are configured: for all environments, and for named ones. */
function containerPlaces(value: unknown): { path: Path; isElsewhere: boolean }[] {
  const places = [
    { path: ['containers'], isElsewhere: false },
    ...entriesAt(value, ['env']).map(([name]) => ({
      path: ['env', name, 'containers'],
      isElsewhere: isElsewhere(name),
    })),
  ];
  return places.filter(({ path }) => {
    const containers = valueAt(value, path);
    return (
      Array.isArray(containers) &&
      containers.some((each) => stringAt(each, ['class_name']) !== null || stringAt(each, ['image']) !== null)
    );
  });
}

/** The Dockerfiles that `image` names, or the folders that they lie in; images of a registry are none. */
function imagesAt(
  inventory: Inventory,
  file: ClaimedFile,
  document: ParsedDocument,
  path: Path,
): ImageOfWorker[] {
  const containers = valueAt(document.value, path);
  if (!Array.isArray(containers)) return [];
  return containers.slice(0, 50).flatMap((each: unknown, at) => {
    const image = stringAt(each, ['image']);
    const resolved = image === null ? null : resolvePath(folderOf(file.path), image);
    if (resolved === null) return [];
    const dockerfile = inventory.files.get(resolved) ?? inventory.files.get(join(resolved, 'Dockerfile'));
    if (dockerfile === undefined || dockerfile.text === null) return [];
    return [
      {
        dockerfile,
        because: evidence(file, document.line([...path, at, 'image']), 'containers/wrangler-image'),
      },
    ];
  });
}

/** The Sandbox SDK, whose images bring a server of its own. */
async function sandboxSdk(inventory: Inventory, folder: string): Promise<Evidence | null> {
  for (const at of ancestors(folder)) {
    const manifest = fileIn(inventory, at, 'package.json');
    const document = manifest === null ? null : await parseJsonFile(manifest);
    for (const table of ['dependencies', 'devDependencies']) {
      const path = [table, '@cloudflare/sandbox'];
      if (manifest === null || document === null || stringAt(document.value, path) === null) continue;
      return evidence(manifest, document.line(path), 'containers/cloudflare-sandbox');
    }
  }
  return null;
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
