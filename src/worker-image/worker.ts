/**
 * The orchestrator's view: one commit of one repository, and its image in a registry. Nothing here is global, knows a
 * chat or a queue, or outlives `close`; many may be open at once.
 */
import { analyze } from '../analyze.ts';
import { type BuildOptions, systemOf } from '../build/build.ts';
import { defaultNixSettings, type NixSettings } from '../build/nix.ts';
import type { Catalogue } from '../catalogue/types.ts';
import { buildBoundsOf, buildConfigOf, installBoundsOf } from '../config/bounds.ts';
import type { Config } from '../config/schema.ts';
import { decisiveInputs } from '../decisive-inputs.ts';
import { diskFull, isDiskFull } from '../disk-full.ts';
import { usage } from '../errors.ts';
import type { OnEvent } from '../events/progress.ts';
import type { Compression } from '../image/blobs.ts';
import type { Amount } from '../image/dependencies/amount.ts';
import { lockInTree } from '../lock/in-tree.ts';
import type { Plan } from '../plan/schema.ts';
import { environmentOf, refuseUnserved } from '../plan/served.ts';
import type { Registry } from '../registry/types.ts';
import type { GivenOptions } from '../worker/read-options.ts';
import type { Rendered } from '../worker/render.ts';
import { chooseBuilder, type EngineChoice } from './builders/choose.ts';
import { type Currency, currencyOf } from './currency.ts';
import { defaultPrefix, type EnvironmentIdentity, environmentDigest } from './identity.ts';
import { layerSourcesOf } from './layers.ts';
import type { Commit } from './marks.ts';
import { openRepository } from './repository.ts';
import type { Builder, BuildResult, WantedLayers } from './types.ts';

export interface WorkerOptions {
  /** Host and folders, without prefix and tag: `registry.example.com/team`. */
  registry: string;
  /** Name of the repository in the registry. */
  prefix?: string | undefined;
  /** Any revision of a directory's repository; the id of a commit, a branch or a tag of a URL's. `HEAD` unless told. */
  commit?: string | undefined;
  /** Path or name of the project whose environment it is; the default environment unless told. */
  project?: string | undefined;
  /** Instead of what evidence and configuration say. */
  target?: NonNullable<Config['target']> | undefined;
  closure?: 'development' | 'runtime' | undefined;
  /** Of the environment: 2 to 127. */
  maxLayers?: number | undefined;
  compression?: Compression | undefined;
  /** Plain http, or a certificate that cannot be verified, elsewhere than on this machine. */
  isInsecure?: boolean | undefined;
  /** How Nix is asked; or what makes that of `build` in the commit's `nidify.jsonc`, whose bounds hold unless told. */
  nix?: Partial<NixSettings> | ((config: Config['build']) => Partial<NixSettings>) | undefined;
  /** `<url>/<revision>.tar.gz` instead of the public address of nixpkgs. */
  mirror?: string | null | undefined;
  /** Prove Nix's sandbox now, whatever is remembered. */
  provesAnew?: boolean | undefined;
  /** Instead of the program that is chosen by what the plan needs and what this machine has. */
  builder?: Builder | undefined;
  /** What builds an image of the container target, and how. */
  engine?: EngineChoice | undefined;
  /** Milliseconds that fetching from a URL may take. */
  fetchTimeoutMs?: number | undefined;
  /** Instead of the bundled one. */
  catalogue?: Catalogue | undefined;
  /** Instead of a client of the named registry. */
  client?: Registry | undefined;
  signal?: AbortSignal | undefined;
}

export interface BuildWorkerOptions {
  /** Besides the environment; none unless told. */
  layers?: Partial<WantedLayers> | undefined;
  /** Let packages run scripts while they are installed, in the sandbox. */
  allowScripts?: boolean | undefined;
  /** What installing may reach, in the words of `--network`: `npm,pypi` or `host:port`. */
  network?: string | undefined;
  /** Bytes and number of files that installing may write; else what the commit's `nidify.jsonc` says, else 32 GiB and 3,000,000. */
  installBounds?: Partial<Amount> | undefined;
  /** Make every layer, whatever the registry has. */
  isAnew?: boolean | undefined;
  onEvent?: OnEvent | undefined;
  signal?: AbortSignal | undefined;
}

export interface KubernetesManifests extends Rendered {
  /** All objects as one stream of YAML documents. */
  yaml: string;
}

/** A commit, analysed. */
export interface Worker {
  readonly plan: Plan;
  readonly commit: Commit;
  /** Hexadecimal. */
  readonly environmentDigest: string;
  /** Registry and repository, without a tag. */
  readonly imageName: string;
  /** Bytes of Git's objects that were fetched until now; null for a repository of this machine. */
  fetchedBytes(): number | null;
  /**
   * Whether the registry has an image of the environment, and of the commit. Builds nothing.
   *
   * @param against tag or digest of the image in use; any image of the environment will do unless told
   */
  isCurrent(against?: string): Promise<Currency>;
  /** Brings the image into the registry, making only what is not there. */
  build(options?: BuildWorkerOptions): Promise<BuildResult>;
  /**
   * What a cluster needs to build and run this image; the same as `nidify worker render` writes.
   *
   * @param given its options; repository, commit, registry and prefix are this worker's
   * @param command what the workers run
   * @throws NidifyError `impossible-combination`, `pod-security` (exit 6), `usage` (2)
   */
  render(
    target: 'kubernetes',
    given?: GivenOptions,
    command?: readonly string[],
  ): Promise<KubernetesManifests>;
  /** Removes what was fetched, and ends connections. */
  close(): Promise<void>;
}

export const defaultMaxLayers = 100;

/**
 * Opens a commit of a repository: reads what its environment depends on, and nothing else.
 *
 * @param subject a directory that is the top of a Git work tree (what is not committed plays no part), or a Git URL
 * @throws NidifyError `usage`, `no-commit`, `url-refused`, `clone-not-found` (exit 2), those of a plan that cannot be
 *   served (3), `disk-full` (5), `clone-failed` (75)
 */
export async function openWorker(subject: string, options: WorkerOptions): Promise<Worker> {
  const imageName = imageNameOf(options);
  const { signal, closure = 'development', compression = 'gzip' } = options;
  const repository = await openRepository(subject, {
    ...{ commit: options.commit, timeoutMs: options.fetchTimeoutMs, signal },
  }).catch((error: unknown) => {
    throw isDiskFull(error) ? diskFull('what the repository sent', null, error) : error;
  });
  try {
    const { commit, tree } = repository;
    const found = await lockInTree(tree, signal);
    const analyzed = await analyze(tree, {
      locked: found?.lock ?? null,
      ...(options.target === undefined ? {} : { target: options.target }),
      ...(options.catalogue === undefined ? {} : { catalogue: options.catalogue }),
      ...(signal === undefined ? {} : { signal }),
    });
    const config = await buildConfigOf(tree, signal);
    const source = { url: commit.url, branch: commit.branch, commit: commit.id };
    const plan: Plan = { ...analyzed, repository: { ...analyzed.repository, source } };
    refuseUnserved(plan);
    const inputs = await decisiveInputs(plan, tree, found, signal);
    const environment = environmentOf(plan, options.project);
    const identity: EnvironmentIdentity = {
      ...{ system: systemOf(plan), environment, closure, compression },
      maxLayers: options.maxLayers ?? defaultMaxLayers,
      container: plan.target.kind === 'nix' ? null : { baseImage: options.engine?.baseImage ?? '' },
    };
    const digest = environmentDigest(plan, identity);
    let client = options.client === undefined ? null : Promise.resolve(options.client);
    const registry = () => {
      client ??= import('../registry/registry.ts').then(({ openRegistry }) =>
        openRegistry(imageName, { insecure: options.isInsecure === true, signal }),
      );
      return client;
    };
    return {
      ...{ plan, commit, imageName, environmentDigest: digest },
      fetchedBytes: repository.fetchedBytes,
      async isCurrent(against) {
        return currencyOf({
          ...{ plan, inputs, commitId: commit.id, environmentDigest: digest, registry: await registry() },
          against: against ?? null,
        });
      },
      async build(given = {}) {
        const stop = anyOf(signal, given.signal);
        let chosen: Promise<Builder> | null = null;
        const builder = () => {
          const build = buildOptionsOf(options, config, environment, repository.directory, stop);
          chosen ??=
            options.builder === undefined
              ? chooseBuilder({ plan, identity, build, engine: options.engine, signal: stop })
              : Promise.resolve(options.builder);
          return chosen;
        };
        const wanted = {
          dependencies: given.layers?.dependencies === true,
          repository: given.layers?.repository === true,
        };
        const { buildWorkerImage } = await import('./build.ts');
        return buildWorkerImage({
          ...{ plan, inputs, commit, imageName, environmentDigest: digest, closure, compression },
          ...{ builder, wanted, registry: await registry(), signal: stop },
          isAnew: given.isAnew === true,
          onEvent: given.onEvent,
          ...(await layerSourcesOf({
            ...{ plan, commit, environment, environmentDigest: digest, repository, builder, wanted },
            network: given.network,
            allowScripts: given.allowScripts === true,
            installBounds: { ...installBoundsOf(config), ...given.installBounds },
            signal: stop,
          })),
        });
      },
      async render(_target, given = {}, command = []) {
        const [{ readOptions }, { manifestStream, renderCluster }] = await Promise.all([
          import('../worker/read-options.ts'),
          import('../worker/render.ts'),
        ]);
        const { registry, prefix } = options;
        const own = { registry, prefix, commit: commit.id, repository: commit.url ?? undefined };
        const cluster = readOptions({ ...own, ...given }, plan, command);
        const rendered = renderCluster(cluster);
        return { ...rendered, yaml: manifestStream(rendered, cluster) };
      },
      async close() {
        repository.close();
        if (options.client === undefined) await (await client)?.close();
      },
    };
  } catch (error) {
    repository.close();
    throw error;
  }
}

function buildOptionsOf(
  { nix, mirror, provesAnew }: WorkerOptions,
  config: Config['build'],
  environment: string,
  repository: string,
  signal: AbortSignal | undefined,
): Omit<BuildOptions, 'files'> {
  const own = typeof nix === 'function' ? nix(config) : { ...buildBoundsOf(config), ...nix };
  return {
    ...{ repository, environment },
    settings: { ...defaultNixSettings, ...own, signal },
    mirror: mirror ?? null,
    provesAnew: provesAnew === true,
  };
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const given = signals.filter((each) => each !== undefined);
  return given.length === 0 ? undefined : AbortSignal.any(given);
}

/**
 * Where images go: registry, folders and prefix, without a tag.
 *
 * @throws NidifyError `usage` (exit 2)
 */
function imageNameOf({ registry, prefix = defaultPrefix }: WorkerOptions): string {
  const name = `${registry.replace(/\/+$/, '')}/${prefix}`;
  if (repositoryName.test(name) && name.length <= 255) return name;
  throw usage(
    // What stands before an @ may be a password.
    `${name.replace(/^.*@/s, '…@')} is not the name of a repository of a registry`,
    'Credentials are those of docker login. It starts with the host, and the rest is lower-case: registry.example.com/team, and snapshot as the prefix.',
  );
}

/** https://github.com/distribution/reference, with the host that an orchestrator always says. */
const repositoryName =
  /^(?:localhost|(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+|[A-Za-z0-9-]+(?=:)|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)+$/;
