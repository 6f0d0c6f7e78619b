import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { pathsBelow } from '../shared/paths.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, join, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';

/** Frameworks by shard; a port only where one is listened on without being told. */
const frameworks: readonly { id: string; port?: number }[] = [
  // https://kemalcr.com/guide/#configuration
  { id: 'kemal', port: 3000 },
  { id: 'lucky' },
  // https://docs.amberframework.org/amber/guides/configuration
  { id: 'amber', port: 3000 },
  { id: 'grip', port: 4004 },
  { id: 'athena' },
  // https://martenframework.com/docs/development/reference/settings#port
  { id: 'marten', port: 8000 },
];

/** Every shard is a project: https://github.com/crystal-lang/shards/blob/master/docs/shard.yml.adoc */
export const detectCrystal: Detect = async (context) => {
  const files = filesNamed(context, ['shard.yml']).filter(
    ({ path }) => !/(^|\/)(lib|\.shards|vendor|node_modules)\//.test(path),
  );
  const main = files.filter(({ path }) => !isSideFolder(folderOf(path)));
  const needs: Need[] = [];
  for (const file of main) append(needs, await needsOf(context, file));
  const [side] = files;
  if (main.length === 0 && side !== undefined) {
    const project = folderOf(side.path);
    const because = [presence(side.path, 'crystal/shard')];
    const requests = await requestsOf(context.inventory, side);
    needs.push({ kind: 'toolchain', id: 'crystal', project, requests, because, optional: true });
  }
  return needs;
};

async function needsOf({ inventory, native }: DetectContext, file: ClaimedFile): Promise<Need[]> {
  const document = await parseYamlFile(file);
  if (document === null || !isRecord(document.value)) return [];
  const project = folderOf(file.path);
  const { value } = document;
  const because = [evidence(file, document.line(['name']), 'crystal/shard')];
  const lock = fileIn(inventory, project, 'shard.lock');
  const names = await dependencyNames(document, lock);
  const found = frameworks.filter(({ id }) => names.has(id));
  return [
    { kind: 'toolchain', id: 'crystal', project, requests: await requestsOf(inventory, file), because },
    {
      kind: 'package-manager',
      id: 'shards',
      project,
      requests: [],
      lockfile: lock?.path ?? null,
      because: lock === null ? because : [...because, presence(lock.path, 'crystal/shard-lock')],
    },
    // Crystal calls the C compiler to link.
    { kind: 'compiler', project, because },
    ...[...names].flatMap(([name, { line, from }]): Need[] =>
      native.shards.has(name)
        ? [
            {
              kind: 'dependency',
              ecosystem: 'shards',
              name,
              version: null,
              project,
              because: [evidence(from ?? file, line, 'crystal/dependency')],
            },
          ]
        : [],
    ),
    {
      kind: 'project',
      path: project,
      name: stringAt(value, ['name']),
      languages: ['crystal'],
      frameworks: found.map(({ id }) => id),
      packageManager: 'shards',
      commands: commandsOf(inventory, project, document, names, lock !== null),
      ports: found.flatMap(({ port }) => port ?? []),
      because,
    },
  ];
}

type Names = Map<string, { line: number | null; from: ClaimedFile | null }>;

/** Shards that the manifest names, and those that the lock file adds. */
async function dependencyNames(document: ParsedDocument, lock: ClaimedFile | null): Promise<Names> {
  const names: Names = new Map();
  for (const table of ['dependencies', 'development_dependencies']) {
    for (const [name] of entriesAt(document.value, [table]))
      names.set(name, { line: document.line([table, name]), from: null });
  }
  const locked = lock === null ? null : await parseYamlFile(lock);
  for (const [name] of entriesAt(locked?.value, ['shards'])) {
    if (!names.has(name)) names.set(name, { line: locked?.line(['shards', name]) ?? null, from: lock });
  }
  return names;
}

function commandsOf(
  inventory: Inventory,
  project: string,
  { value }: ParsedDocument,
  names: Names,
  isLocked: boolean,
) {
  const targets = entriesAt(value, ['targets']).filter(
    ([name]) => /^[\w.+-]+$/.test(name) && !name.startsWith('-'),
  );
  const own = stringAt(value, ['name']);
  const target = targets.length === 1 ? targets[0] : targets.find(([name]) => name === own);
  const main = stringAt(target?.[1], ['main']);
  const hasSpecs = pathsBelow(inventory, join(project, 'spec')).some((path) => path.endsWith('_spec.cr'));
  const lint = names.has('ameba') ? './bin/ameba' : 'crystal tool format --check';
  return {
    install: isLocked ? 'shards install --frozen' : 'shards install',
    ...(targets.length > 0 ? { build: 'shards build --release' } : {}),
    ...(hasSpecs ? { test: 'crystal spec' } : {}),
    ...(target === undefined ? {} : { start: `./bin/${target[0]}` }),
    ...(main !== null && /^[\w./+-]+$/.test(main) && !main.startsWith('-')
      ? { dev: `crystal run ${main}` }
      : {}),
    lint,
  };
}

/** A version manager's file chooses the compiler; `crystal` of the manifest is what it has to satisfy. */
async function requestsOf(inventory: Inventory, file: ClaimedFile): Promise<VersionRequest[]> {
  const folder = folderOf(file.path);
  const own = nearest(inventory, folder, ['.crystal-version']);
  const pinned = /^\s*v?(?<version>\d[\w.-]*)\s*$/m.exec((own?.text ?? '').slice(0, 200))?.groups?.version;
  const document = await parseYamlFile(file);
  const requests: VersionRequest[] = [];
  if (own !== null && pinned !== undefined) {
    requests.push({ raw: pinned, scheme: 'prefix', because: evidence(own, 1, 'crystal/version-file') });
  }
  append(requests, await versionFileRequests(inventory, folder, ['crystal']));
  const asked = valueAt(document?.value, ['crystal']);
  if (document !== null && (typeof asked === 'string' || typeof asked === 'number')) {
    const because = evidence(file, document.line(['crystal']), 'crystal/shard-crystal');
    // As written: a parser of YAML reads 1.10 as the number 1.1.
    const written = /^crystal\s*:\s*["']?(?<text>[^"'#]*)/.exec(lineOf(file, because.line))?.groups?.text;
    const raw = (typeof asked === 'string' ? asked : (written ?? String(asked))).trim();
    if (raw !== '') requests.push({ raw, scheme: 'shards', because });
  }
  return requests;
}

function lineOf({ text }: ClaimedFile, line: number | null): string {
  return line === null ? '' : ((text ?? '').split('\n')[line - 1] ?? '').slice(0, 300);
}
