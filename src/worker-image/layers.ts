/** Where the layers upon an environment get their files from. */
import type { Plan } from '../plan/schema.ts';
import type { LayerFiles, WorkerImageInput } from './build.ts';
import type { Commit } from './marks.ts';
import type { OpenRepository } from './repository.ts';
import type { Builder, WantedLayers } from './types.ts';

export interface LayerSourcesInput {
  plan: Plan;
  commit: Commit;
  /** Hexadecimal. */
  environmentDigest: string;
  repository: OpenRepository;
  builder: Builder;
  wanted: WantedLayers;
  /** Run what packages want to have run when they are installed. */
  allowScripts: boolean;
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
  return { dependencies, repository, notices: notices ?? [] };
}

async function dependenciesOf(
  _input: LayerSourcesInput,
): Promise<Required<Pick<LayerSources, 'dependencies' | 'notices'>>> {
  return { dependencies: null, notices: [] };
}
