/** Where the layers upon an environment get their files from. */
import { childEnvironment } from '../child-environment.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import type { Report } from '../events/emitter.ts';
import type { Amount } from '../image/dependencies/amount.ts';
import { user } from '../image/system-files.ts';
import type { TarEntry } from '../image/tar.ts';
import type { Plan } from '../plan/schema.ts';
import { temporaryFolder } from '../temporary.ts';
import type { LayerFiles, WorkerImageInput } from './build.ts';
import type { Commit } from './marks.ts';
import type { OpenRepository } from './repository.ts';
import type { Builder, WantedLayers } from './types.ts';

export interface LayerSourcesInput {
  plan: Plan;
  commit: Commit;
  /** Name in the plan. */
  environment: string;
  /** Hexadecimal. */
  environmentDigest: string;
  repository: OpenRepository;
  builder: () => Promise<Builder>;
  wanted: WantedLayers;
  /** Run what packages want to have run when they are installed. */
  allowScripts: boolean;
  /** Words of `--network`, instead of the registries that installing needs. */
  network?: string | undefined;
  /** What installing may write. */
  installBounds?: Partial<Amount> | undefined;
  signal?: AbortSignal | undefined;
}

export type LayerSources = Pick<WorkerImageInput, 'dependencies' | 'repository' | 'notices'>;

export async function layerSourcesOf(input: LayerSourcesInput): Promise<LayerSources> {
  const { commit, repository: from, signal } = input;
  const repository: LayerFiles = async function* () {
    const { repositoryLayer } = await import('../image/repository-layer.ts');
    await from.complete();
    const { url, branch } = commit;
    yield* repositoryLayer(from.directory, commit.id, { url, branch, signal });
  };
  if (!input.wanted.dependencies) return { dependencies: null, repository, notices: [] };
  const { dependencies, notices } = await dependenciesOf(input);
  return { dependencies, repository, notices };
}

async function dependenciesOf(
  input: LayerSourcesInput,
): Promise<{ dependencies: LayerSources['dependencies']; notices: string[] }> {
  const { plan, commit, environment, environmentDigest, repository, signal } = input;
  const { dependenciesDigest, selectDependencies } = await import('../image/dependencies/select.ts');
  const { fileTree } = await import('../image/dependencies/tree.ts');
  const tree = await fileTree(repository.tree, signal);
  const all = await selectDependencies(plan, tree, { allowScripts: input.allowScripts });
  // The image has one environment; what belongs to another one has another image.
  const selection = {
    ...all,
    installations: all.installations.filter((each) => each.environment === environment),
  };
  const notices = all.notices.map(({ message }) => message);
  const digest = dependenciesDigest(selection, environmentDigest);
  if (digest === null) return { dependencies: null, notices };
  return { dependencies: { digest, files: (report) => installed(report) }, notices };

  async function* installed({ step }: Report): AsyncGenerator<TarEntry> {
    const builder = await input.builder();
    const built = await builder.environment({ step, bytes: () => {} }, signal);
    if (built === null) {
      throw new NidifyError({
        code: 'environment-missing',
        message: 'dependencies are installed with the toolchain of Nix, and this image has another one',
        hint: 'Leave `dependencies` out of the layers, or set "container": { "toolchain": "nix" } in nidify.jsonc.',
        exitCode: ExitCode.unserved,
      });
    }
    await repository.complete();
    const { checkOut } = await import('../image/repository/own.ts');
    const { installDependencies } = await import('../image/dependencies/install.ts');
    const checkout = temporaryFolder('nidify-commit-');
    try {
      await checkOut(repository.directory, commit.id, checkout.directory, signal);
      const made = await installDependencies(selection, {
        directory: checkout.directory,
        environments: new Map([[environment, built]]),
        network: input.network ?? null,
        ...(input.installBounds === undefined ? {} : { bounds: input.installBounds }),
        hostEnv: childEnvironment(process.env),
        configuration: process.env,
        ...{ signal, onStatus: step },
      });
      try {
        if (made !== null) yield* inHome(made.entries(), builder.home);
      } finally {
        made?.remove();
      }
    } finally {
      checkout.remove();
    }
  }
}

/** What was installed into the home folder of one image, in that of another. */
async function* inHome(entries: AsyncIterable<TarEntry>, home: string): AsyncGenerator<TarEntry> {
  const [from, to] = [Buffer.from(user.home.slice(1)), Buffer.from(home.slice(1))];
  for await (const entry of entries) {
    const name = Buffer.from(entry.path);
    const isInside =
      name.subarray(0, from.length).equals(from) && [undefined, 0x2f].includes(name[from.length]);
    yield isInside ? { ...entry, path: Buffer.concat([to, name.subarray(from.length)]) } : entry;
  }
}
