/** Which program builds an image: by what the plan needs and by what this machine has. */
import type { BuildOptions } from '../../build/build.ts';
import type { ImageOptions } from '../../container/build.ts';
import type { EngineName } from '../../container/engine.ts';
import type { Compression } from '../../image/blobs.ts';
import type { Plan } from '../../plan/schema.ts';
import { withGit } from '../git-for-workers.ts';
import type { EnvironmentIdentity } from '../identity.ts';
import type { Builder } from '../types.ts';

/** What a person may say of it. */
export interface EngineChoice {
  /** Instead of the first that answers. */
  name?: EngineName | undefined;
  /** Instead of the plan's base image. */
  baseImage?: string | undefined;
  /** The base image that nidify.jsonc names may be another one than Debian's. */
  trustsBase?: boolean | undefined;
  network?: ImageOptions['network'] | undefined;
  /** Bytes of memory for the build, where the engine can bound it. */
  memoryBytes?: number | null | undefined;
}

export interface BuilderRequest {
  plan: Plan;
  identity: EnvironmentIdentity;
  build: Omit<BuildOptions, 'files'>;
  engine?: EngineChoice | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Nix where the plan needs no container, else an engine, around what Nix builds.
 *
 * @throws NidifyError `tool-missing` (exit 4) without an engine, `features-need-devcontainer` (2), `base-untrusted` (6)
 */
export async function chooseBuilder(request: BuilderRequest): Promise<Builder> {
  return request.plan.target.kind === 'nix' ? ofNix(request) : ofEngine(request);
}

async function ofNix({ plan, identity, build }: BuilderRequest): Promise<Builder> {
  const { nixBuilder } = await import('./nix.ts');
  const { render } = await import('../../render/render.ts');
  const isRuntime = identity.closure === 'runtime';
  const least = isRuntime ? (await import('../../plan/runtime.ts')).runtimePlan(plan) : plan;
  const whole = withGit(least);
  return nixBuilder({
    plan: whole,
    options: {
      ...build,
      files: await render(whole),
      variant: isRuntime ? 'worker-runtime' : 'worker',
    },
    compression: compressionOf(identity),
    maxLayers: identity.maxLayers,
    reason: 'the plan needs no container, so Nix builds all of it, without a daemon for containers',
  });
}

async function ofEngine({ plan, identity, build, engine = {}, signal }: BuilderRequest): Promise<Builder> {
  const { engineFor, refuseStranger } = await import('../../container/choose.ts');
  const { engineBuilder } = await import('./engine.ts');
  const { render } = await import('../../render/render.ts');
  refuseStranger(plan, { baseImage: engine.baseImage ?? null, isTrusted: engine.trustsBase === true });
  const { engine: found, usesNix } = await engineFor(plan, engine.name ?? null, signal);
  const files = await render(plan);
  const [evidence] = plan.target.because;
  const why = evidence === undefined ? 'that was asked for' : `${evidence.file} says so`;
  const how = engine.name === undefined ? 'is the first engine that answers' : 'was asked for';
  return engineBuilder({
    ...{ plan, engine: found },
    options: usesNix ? { ...build, files } : null,
    image: {
      files,
      baseImage: engine.baseImage ?? null,
      network: engine.network ?? 'default',
      // Whoever runs it is not whoever builds it: the worker has the numbers of the image.
      owner: { uid: 0, gid: 0 },
      timeoutMs: build.settings.timeoutMs,
      memoryBytes: engine.memoryBytes ?? null,
      isAnew: false,
    },
    compression: compressionOf(identity),
    reason: `the project needs a container (${why}), and ${found.name} ${how}`,
  });
}

function compressionOf({ compression }: EnvironmentIdentity): Compression {
  return compression === 'none' ? 'none' : 'gzip';
}
