import type { Catalogue } from './catalogue/types.ts';
import { looksLikeUrl } from './clone/url.ts';
import { configFileName, configTextOf } from './config/file.ts';
import type { Config } from './config/schema.ts';
import { concerned } from './detect/concerned.ts';
import { ask, detect } from './detect/detect.ts';
import { detectEntryPoint, entryPoints } from './detect/entry-points.ts';
import { lastResort } from './detect/last.ts';
import { detectors as allDetectors } from './detect/registry.ts';
import { hasPath } from './detect/shared/paths.ts';
import { folderOf, join, nameOf } from './detect/shared/tree.ts';
import { recipeNames } from './detect/tasks/claims.ts';
import type { Detector, Need } from './detect/types.ts';
import { inventoryWithin, needsWithin, projectPath } from './detect/within.ts';
import { ExitCode, NidifyError } from './errors.ts';
import { type Lock, lockFileName } from './lock/types.ts';
import { isSubstantial } from './plan/context.ts';
import { makePlan } from './plan/plan.ts';
import type { Asked, Plan } from './plan/schema.ts';
import { claimMatcher } from './scan/claims.ts';
import { coreClaims } from './scan/core-claims.ts';
import { directorySource } from './scan/directory.ts';
import { defaultLimits } from './scan/limits.ts';
import { readOne, scan } from './scan/scan.ts';
import type { ClaimedFile, Inventory, Source } from './scan/types.ts';
import { version } from './version.ts';

export { configFileName };

/** What make is told at the root, or the script that writes it. */
const rootRecipes = [...recipeNames.make, 'configure', 'configure.ac', 'configure.in'];

export interface AnalyzeOptions {
  /** Instead of the repository's own `nidify.jsonc`. */
  config?: Config;
  /** Instead of the bundled catalogue. */
  catalogue?: Catalogue;
  /** Instead of the repository's own `nidify.lock`; null: as if there were none. */
  locked?: Lock | null;
  /** Instead of what the configuration says. */
  target?: NonNullable<Config['target']>;
  /** Instead of what the configuration says: the engine of a container. */
  profile?: NonNullable<NonNullable<Config['container']>['profile']>;
  /** Instead of what the configuration says: where the programs of a container come from. */
  toolchain?: NonNullable<NonNullable<Config['container']>['toolchain']>;
  /** Plan what is built of the project too; unless said, as the lock says that an earlier run did. */
  package?: boolean;
  /** Only what the project of this path or name needs, "." for all; unless said, as the lock says of an earlier run. */
  project?: string;
  /** Instead of all ecosystems. */
  detectors?: readonly Detector[];
  signal?: AbortSignal;
}

/**
 * Reads a repository and says what it needs: scan, detect, plan. Executes nothing; needs no network but for a URL, of
 * which only the newest commit's folders come, and the files that decide.
 *
 * @param source a directory, a Git URL (with an optional `#branch`), or anything that lists and reads files
 * @throws NidifyError when there is no directory, or `nidify.jsonc` or `nidify.lock` cannot be understood;
 *   whatever else is wrong with a repository is a finding of the plan
 */
export async function analyze(source: Source | string, options: AnalyzeOptions = {}): Promise<Plan> {
  if (typeof source === 'string' && looksLikeUrl(source)) return analyzeUrl(source, options);
  const { signal } = options;
  const from = typeof source === 'string' ? directorySource(source) : source;
  const configText = options.config === undefined ? await configTextOf(from, signal) : null;
  const detectors = options.detectors ?? allDetectors;
  const written = options.config ?? (configText === null ? {} : await parseConfigText(configText, detectors));
  const disabled = new Set(written.disable);
  const enabled = detectors.filter(({ id }) => !disabled.has(id));

  const scanned = await scan(from, {
    claims: [coreClaims, ...enabled.map(({ claims }) => claims)],
    limits: written.limits as Partial<typeof defaultLimits> | undefined,
    ignore: written.ignore,
    signal,
  });
  const { inventory: claimed, locks } = await withoutOutputs(scanned);
  const locked = options.locked === undefined ? (locks.get(lockFileName) ?? null) : options.locked;

  const asked = askedFor(written, options, locked);
  const config = withAsked(written, options, asked);
  const bounds = { limits: { ...defaultLimits, ...written.limits } as typeof defaultLimits, signal };
  const { ecosystems, ...known } = await detected(
    from,
    claimed,
    enabled,
    options.catalogue,
    bounds,
    disabled,
  );
  const found = await withPackagesPlaced(known.found, ecosystems, options.catalogue);
  const project = projectOf(options, locked, found.needs);
  const needs = project === null ? found.needs : needsWithin(found.needs, project);
  const inventory =
    project === null ? known.inventory : inventoryWithin(known.inventory, found.needs, project);
  const catalogue =
    options.catalogue ??
    (await withServices(found.catalogue ?? known.catalogue, found.ecosystems, needs, written));
  const context = { needs, inventory, catalogue, config, configText, asked, project, locked, version };
  if (!needs.some(isSubstantial)) {
    const script = await entryPointOf(from, inventory, signal);
    if (script !== null) return planOfScript(context, script, disabled, options.catalogue);
  }
  signal?.throwIfAborted();
  const plan = makePlan(context);
  if (!(options.package ?? locked?.package === true)) return plan;
  const { withPackages } = await import('./plan/package/packages.ts');
  return withPackages(plan, inventory);
}

/** @throws NidifyError `unknown-project` (usage) */
function projectOf({ project }: AnalyzeOptions, locked: Lock | null, found: readonly Need[]): string | null {
  const given = project ?? locked?.project;
  if (given === undefined) return null;
  const projects = found.flatMap((need) => (need.kind === 'project' ? [need] : []));
  if (project !== undefined || projects.some(({ path }) => path === given))
    return projectPath(given, projects);
  throw new NidifyError({
    code: 'unknown-project',
    message: `there is no project at ${JSON.stringify(given)} any more, which ${lockFileName} says that the environment is for`,
    hint: 'Name another with `nidify generate --project PATH`, or all with `--project .`.',
    exitCode: ExitCode.usage,
  });
}

/** Whose catalogues are loaded, by id. */
interface Ecosystems {
  /** Those that were asked, with the others that they use. */
  asked: readonly string[];
  /** Those whose tools are named by what may name any. */
  named: readonly string[];
}

interface Detected {
  ecosystems: Ecosystems;
  inventory: Inventory;
  found: Need[];
  catalogue: Catalogue;
}

/** Asks the ecosystems of which a file is there; those without manifests only where no project was found. */
async function detected(
  source: Source,
  inventory: Inventory,
  enabled: readonly Detector[],
  given: Catalogue | undefined,
  bounds: { limits: typeof defaultLimits; signal: AbortSignal | undefined },
  disabled: ReadonlySet<string>,
): Promise<Detected> {
  const chosen = concerned(inventory, enabled);
  const asked = chosen.map(({ id }) => id);
  const first = given ?? (await bundledCatalogue({ asked, named: [] }));
  const found = await detect({ inventory, native: first.nativeNames }, chosen);
  const isNaming = chosen.some(({ namesTools }) => namesTools);
  const known = { asked, catalogue: first, isGiven: given !== undefined };
  if (found.some(({ kind }) => kind === 'project')) {
    const more = await uncovered(inventory, found, disabled);
    const all = [...found, ...more];
    return { inventory, found: all, ...(await withNamed(known, all, isNaming || more.length > 0)) };
  }
  const last = await lastResort(source, inventory, enabled, bounds);
  const more = await ask({ inventory: last.inventory, native: first.nativeNames, isLast: true }, last.chosen);
  if (more.length === 0) {
    const sources = await sourcesAlone(inventory, found, disabled);
    const every = [...found, ...sources.needs];
    const files = new Map([...inventory.files, ...sources.files]);
    return {
      inventory: { ...inventory, files },
      found: every,
      ...(await withNamed(known, every, isNaming || sources.needs.length > 0)),
    };
  }
  const all = [...asked, ...last.chosen.map(({ id }) => id)];
  const every = {
    asked: all,
    named: isNaming && given === undefined ? await namedIn([...found, ...more], all) : [],
  };
  return {
    inventory: last.inventory,
    found: [...found.filter((need) => need.kind !== 'toolchain' || need.optional !== true), ...more],
    catalogue: given ?? (await bundledCatalogue(every)),
    ecosystems: every,
  };
}

/** What sources alone say, where nothing else does; a script that names its runtime is left to `entryPointOf`. */
async function sourcesAlone(
  inventory: Inventory,
  found: readonly Need[],
  disabled: ReadonlySet<string>,
): Promise<{ needs: Need[]; files: [string, ClaimedFile][] }> {
  if (!found.some(isSubstantial) && entryPoints(inventory).length > 0) return { needs: [], files: [] };
  const { detectSources } = await import('./detect/sources/detect.ts');
  return detectSources(inventory, disabled);
}

/** What make compiles at the root, where the projects that were found are of other languages than most sources. */
async function uncovered(
  inventory: Inventory,
  found: readonly Need[],
  disabled: ReadonlySet<string>,
): Promise<Need[]> {
  if (!rootRecipes.some((path) => hasPath(inventory, path))) return [];
  const { detectUncovered } = await import('./detect/sources/detect.ts');
  return detectUncovered(inventory, found, disabled);
}

/** The catalogue with the tools whose ecosystems were not asked, where files of others name them. */
async function withNamed(
  { asked, catalogue, isGiven }: { asked: readonly string[]; catalogue: Catalogue; isGiven: boolean },
  needs: readonly Need[],
  isNaming: boolean,
): Promise<Pick<Detected, 'catalogue' | 'ecosystems'>> {
  const named = isNaming && !isGiven ? await namedIn(needs, asked) : [];
  const ecosystems = { asked, named };
  return { ecosystems, catalogue: named.length === 0 ? catalogue : await bundledCatalogue(ecosystems) };
}

async function analyzeUrl(url: string, options: AnalyzeOptions): Promise<Plan> {
  const { signal } = options;
  const { remoteTreeSource } = await import('./clone/remote-tree.ts');
  const { lockInTree } = await import('./lock/in-tree.ts');
  const isWanted = claimedPaths(options.detectors);
  const tree = await remoteTreeSource(url, { isWanted, ...(signal === undefined ? {} : { signal }) });
  try {
    const locked = options.locked === undefined ? await lockInTree(tree, signal) : null;
    return await analyze(tree, locked === null ? options : { ...options, locked: locked.lock });
  } finally {
    tree.remove();
  }
}

/** Which files analysing reads or asks the presence of: nidify's own, and all that a detector claims. */
export function claimedPaths(detectors: readonly Detector[] = allDetectors): (path: string) => boolean {
  const claim = claimMatcher([coreClaims, ...detectors.map(({ claims }) => claims)]);
  return (path) => claim(path) !== null;
}

/** What was asked for: now by an option, or before, as the lock remembers, where the file does not say it. */
function askedFor(
  config: Config,
  { target, profile, toolchain }: AnalyzeOptions,
  locked: Lock | null,
): Asked {
  const before = target === 'auto' ? undefined : locked?.asked;
  const kind = target ?? (config.target === undefined ? before?.kind : undefined);
  const engine = profile ?? (config.container?.profile === undefined ? before?.profile : undefined);
  const programs = toolchain ?? (config.container?.toolchain === undefined ? before?.toolchain : undefined);
  return {
    ...(kind === undefined || kind === 'auto' ? {} : { kind }),
    ...(engine === undefined ? {} : { profile: engine }),
    ...(programs === undefined ? {} : { toolchain: programs }),
  };
}

/** What was asked for wins over the file. */
function withAsked(config: Config, { target }: AnalyzeOptions, asked: Asked): Config {
  const { profile, toolchain } = asked;
  const wanted = asked.kind ?? target;
  return {
    ...config,
    ...(wanted === undefined ? {} : { target: wanted }),
    ...(profile === undefined && toolchain === undefined
      ? {}
      : {
          container: {
            ...config.container,
            ...(profile === undefined ? {} : { profile }),
            ...(toolchain === undefined ? {} : { toolchain }),
          },
        }),
  };
}

/** The script that a repository without any manifest may be started by. */
async function entryPointOf(
  source: Source,
  inventory: Inventory,
  signal: AbortSignal | undefined,
): Promise<ClaimedFile | null> {
  const [path] = entryPoints(inventory);
  return path === undefined ? null : readOne(source, path, { limits: defaultLimits, signal });
}

async function planOfScript(
  context: Parameters<typeof makePlan>[0],
  script: ClaimedFile,
  disabled: ReadonlySet<string>,
  catalogue: Catalogue | undefined,
): Promise<Plan> {
  const needs = detectEntryPoint(script);
  const ids = needs.flatMap((need) => (need.kind === 'toolchain' ? [need.id] : []));
  if (ids.some((id) => disabled.has(id))) return makePlan(context);
  return makePlan({
    ...context,
    needs: [...needs, ...context.needs],
    inventory: { ...context.inventory, files: new Map([...context.inventory.files, [script.path, script]]) },
    catalogue: catalogue ?? (await bundledCatalogue({ asked: ids, named: [] })),
  });
}

async function parseConfigText(text: string, detectors: readonly Detector[]): Promise<Config> {
  const { checkDisabled, parseConfig } = await import('./config/read.ts');
  const config = parseConfig(text);
  checkDisabled(
    config.disable,
    detectors.map(({ id }) => id),
  );
  return config;
}

/** Packages of a distribution by project and row of the catalogue, whose table of them is loaded where there are any. */
async function withPackagesPlaced(
  needs: Need[],
  ecosystems: Ecosystems,
  given: Catalogue | undefined,
): Promise<{ needs: Need[]; ecosystems: Ecosystems; catalogue?: Catalogue }> {
  if (!needs.some(({ kind }) => kind === 'system-package')) return { needs, ecosystems };
  const { placed } = await import('./detect/system/place.ts');
  const all = placed(needs);
  const { hasPackages, mapped } = await import('./detect/system/mapped.ts');
  if (!hasPackages(all)) return { needs: all, ecosystems };
  const more = { ...ecosystems, asked: [...ecosystems.asked, 'apt'] };
  const catalogue = given ?? (await bundledCatalogue(more));
  return { needs: mapped(all, catalogue.nativeNames.apt), ecosystems: more, catalogue };
}

/** The lines of servers are loaded where there is one. */
async function withServices(
  catalogue: Catalogue,
  ecosystems: Ecosystems,
  needs: readonly Need[],
  { services }: Config,
): Promise<Catalogue> {
  const isNeeded = needs.some(({ kind }) => kind === 'service') || (services?.add ?? []).length > 0;
  if (!isNeeded) return catalogue;
  return bundledCatalogue({ ...ecosystems, asked: [...ecosystems.asked, 'services'] });
}

/** The ecosystems whose tools are asked for, besides those that are there. */
async function namedIn(needs: readonly Need[], asked: readonly string[]): Promise<string[]> {
  const { ecosystemsWith } = await import('./catalogue/load.ts');
  return ecosystemsWith(
    needs.flatMap((need) =>
      need.kind === 'toolchain' || need.kind === 'package-manager' || need.kind === 'tool' ? [need.id] : [],
    ),
    asked,
  );
}

async function bundledCatalogue({ asked, named }: Ecosystems): Promise<Catalogue> {
  const { loadCatalogue } = await import('./catalogue/load.ts');
  return loadCatalogue(asked, named);
}

/**
 * The inventory without what nidify has written: the files that a lock names, beside it, and the lock.
 * So a plan is the same before and after generating.
 */
async function withoutOutputs(
  inventory: Inventory,
): Promise<{ inventory: Inventory; locks: ReadonlyMap<string, Lock> }> {
  const lockFiles = [...inventory.files.values()].filter(({ path }) => nameOf(path) === lockFileName);
  const locks = new Map<string, Lock>();
  const outputs = new Set<string>([configFileName]);
  for (const file of lockFiles) {
    const lock = await lockOf(file);
    outputs.add(file.path);
    if (lock === null) continue;
    locks.set(file.path, lock);
    for (const path of Object.keys(lock.outputs)) outputs.add(join(folderOf(file.path), path));
  }
  const isInput = (path: string) => !outputs.has(path);
  return {
    inventory: {
      ...inventory,
      paths: inventory.paths.filter(isInput),
      files: new Map([...inventory.files].filter(([path]) => isInput(path))),
    },
    locks,
  };
}

/** A broken lock is told where generated files belong; anywhere else (an example, a fixture) it is nobody's. */
async function lockOf({ path, text }: ClaimedFile): Promise<Lock | null> {
  if (text === null) return null;
  const { parseLock } = await import('./lock/read.ts');
  try {
    return parseLock(text, path);
  } catch (error) {
    if (error instanceof NidifyError && !['.', '.nidify'].includes(folderOf(path))) return null;
    throw error;
  }
}
