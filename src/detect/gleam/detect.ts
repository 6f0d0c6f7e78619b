import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseTomlFile } from '../shared/parsed.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, join } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';

/**
 * Gleam: every package is a project. Examples and tests count only where there is nothing else, and then as optional.
 */
export const detectGleam: Detect = async (context) => {
  const files = filesNamed(context, ['gleam.toml']).filter(
    ({ path }) => !/(^|\/)build\/packages\//.test(path),
  );
  const main = files.filter(({ path }) => !isSideFolder(folderOf(path)));
  const sources = new Set(context.inventory.paths.filter((path) => path.endsWith('.gleam')));
  const tested = new Set(
    [...sources].flatMap((path) => /^(?<folder>.*?)(?:^|\/)test\/.*$/.exec(path)?.groups?.folder ?? []),
  );
  const needs = await Promise.all(main.map((file) => needsOf(context, file, { sources, tested })));
  const [side] = files;
  if (main.length === 0 && side !== undefined) {
    const project = folderOf(side.path);
    const requests = await versionFileRequests(context.inventory, project, ['gleam']);
    const because = [presence(side.path, 'gleam/gleam-toml')];
    needs.push([{ kind: 'toolchain', id: 'gleam', project, requests, because, optional: true }]);
  }
  return needs.flat();
};

interface Sources {
  sources: ReadonlySet<string>;
  /** Folders that have tests; the root is "". */
  tested: ReadonlySet<string>;
}

async function needsOf(context: DetectContext, file: ClaimedFile, sources: Sources): Promise<Need[]> {
  const { inventory } = context;
  const parsed = await parseTomlFile(file);
  if (parsed === null) return [];
  const folder = folderOf(file.path);
  const because = [evidence(file, parsed.line(['name']), 'gleam/gleam-toml')];
  const lock = fileIn(inventory, folder, 'manifest.toml');
  const locked = lock === null ? null : await parseTomlFile(lock);
  const name = stringAt(parsed.value, ['name']);
  const dependencies = dependenciesOf(parsed);
  return [
    {
      kind: 'toolchain',
      id: 'gleam',
      project: folder,
      requests: await requestsOf(context, file, parsed),
      because,
    },
    ...(await runtimeNeeds(context, folder, parsed, because)),
    ...(lock === null || locked === null ? [] : builderNeeds(folder, lock, locked)),
    ...(lock === null || locked === null ? [] : nativeNeeds(context, folder, lock, locked)),
    {
      kind: 'project',
      path: folder,
      name,
      languages: ['gleam'],
      frameworks: ['wisp', 'mist', 'lustre'].filter((each) => dependencies.has(each)),
      packageManager: null,
      commands: commandsOf(folder, name, parsed, sources),
      // https://hexdocs.pm/lustre_dev_tools/
      ports: dependencies.has('lustre_dev_tools') ? [1234] : [],
      because,
    },
  ];
}

/** A version manager's word, then the constraint of `gleam`: https://gleam.run/writing-gleam/gleam-toml/ */
async function requestsOf(
  { inventory }: DetectContext,
  file: ClaimedFile,
  parsed: ParsedDocument,
): Promise<VersionRequest[]> {
  const managed = await versionFileRequests(inventory, folderOf(file.path), ['gleam']);
  const raw = stringAt(parsed.value, ['gleam']);
  if (raw === null) return managed;
  return [...managed, { raw, scheme: 'hex', because: evidence(file, parsed.line(['gleam']), 'gleam/gleam') }];
}

function isForJavascript({ value }: ParsedDocument): boolean {
  return stringAt(value, ['target']) === 'javascript';
}

function dependenciesOf({ value }: ParsedDocument): Set<string> {
  return new Set(
    ['dependencies', 'dev-dependencies', 'dev_dependencies'].flatMap((key) =>
      entriesAt(value, [key]).map(([name]) => name),
    ),
  );
}

/** What the compiled program runs on: Erlang, or the runtime of `javascript.runtime`. */
async function runtimeNeeds(
  { inventory }: DetectContext,
  project: string,
  parsed: ParsedDocument,
  because: Evidence[],
): Promise<Need[]> {
  const isJavascript = isForJavascript(parsed);
  const needs: Need[] = [];
  if (!isJavascript || dependenciesOf(parsed).has('lustre_dev_tools')) {
    const requests = await versionFileRequests(inventory, project, ['erlang']);
    needs.push({ kind: 'toolchain', id: 'erlang', project, requests, because });
  }
  if (isJavascript) {
    const named = stringAt(parsed.value, ['javascript', 'runtime']);
    const id = named === 'deno' || named === 'bun' ? named : 'node';
    const names = id === 'node' ? ['node', 'nodejs'] : [id];
    const requests = await versionFileRequests(inventory, project, names);
    needs.push({ kind: 'toolchain', id, project, requests, because });
  }
  return needs;
}

/** Locked packages with the line of the list that they stand in. */
function packagesOf({ value }: ParsedDocument): unknown[] {
  const packages = valueAt(value, ['packages']);
  return Array.isArray(packages) ? packages : [];
}

/** Packages that rebar3 or Mix build: Gleam starts them for each. */
function builderNeeds(project: string, lock: ClaimedFile, locked: ParsedDocument): Need[] {
  const needs: Need[] = [];
  const first = (tool: string) =>
    packagesOf(locked).findIndex((each) => {
      const tools = stringsAt(each, ['build_tools']);
      return tools.includes(tool) && !tools.includes('gleam');
    });
  const because = (at: number) => [evidence(lock, locked.line(['packages', at]), 'gleam/build-tools')];
  const [rebar, mix] = [first('rebar3'), first('mix')];
  if (mix !== -1) {
    needs.push({ kind: 'toolchain', id: 'elixir', project, requests: [], because: because(mix) });
  }
  if (rebar !== -1) {
    needs.push({
      kind: 'package-manager',
      id: 'rebar3',
      project,
      requests: [],
      lockfile: null,
      because: because(rebar),
    });
  }
  return needs;
}

function nativeNeeds(
  { native }: DetectContext,
  project: string,
  lock: ClaimedFile,
  locked: ParsedDocument,
): Need[] {
  return packagesOf(locked).flatMap((each, at): Need[] => {
    const name = stringAt(each, ['name']);
    if (name === null || !native.hex.has(name)) return [];
    const because = [evidence(lock, locked.line(['packages', at]), 'gleam/manifest')];
    return [
      { kind: 'dependency', ecosystem: 'hex', name, version: stringAt(each, ['version']), project, because },
    ];
  });
}

/** https://gleam.run/command-line-reference/; a program is what has a module of the package's name. */
function commandsOf(
  folder: string,
  name: string | null,
  parsed: ParsedDocument,
  { sources, tested }: Sources,
): Partial<Commands> {
  const isProgram = name !== null && sources.has(join(folder, `src/${name}.gleam`));
  return {
    install: 'gleam deps download',
    ...(isProgram ? programCommands(parsed) : { build: 'gleam build' }),
    ...(tested.has(folder === '.' ? '' : folder) ? { test: 'gleam test' } : {}),
    lint: 'gleam format --check',
  };
}

function programCommands(parsed: ParsedDocument): Partial<Commands> {
  if (dependenciesOf(parsed).has('lustre_dev_tools')) {
    return { build: 'gleam run -m lustre/dev build', dev: 'gleam run -m lustre/dev start' };
  }
  if (isForJavascript(parsed)) return { build: 'gleam build', start: 'gleam run', dev: 'gleam run' };
  return {
    build: 'gleam export erlang-shipment',
    start: './build/erlang-shipment/entrypoint.sh run',
    dev: 'gleam run',
  };
}
