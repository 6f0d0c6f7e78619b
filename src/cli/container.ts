/** What `build`, `run` and `shell` have in common where the target is a container. */
import { statSync } from 'node:fs';
import type { Built } from '../build/build.ts';
import type { ContainerImage } from '../container/build.ts';
import type { EngineName } from '../container/engine.ts';
import { usage } from '../errors.ts';
import { imageReference } from '../text/image-reference.ts';
import type { Context } from './context.ts';
import { buildPrepared, type EnvironmentArguments, type Prepared } from './environment.ts';
import { withProgress } from './progress.ts';
import { bytesOf } from './size.ts';

/** Options that say how an image is built. */
export interface ContainerArguments extends EnvironmentArguments {
  engine?: EngineName | undefined;
  baseImage?: string | undefined;
  buildNetwork?: 'default' | 'host' | 'none' | undefined;
  tag?: string | undefined;
  rebuild?: boolean | undefined;
}

export interface ObtainedImage {
  image: ContainerImage;
  /** Null where the toolchain comes from devcontainer features. */
  built: Built | null;
}

/** Builds the environment in the Nix sandbox, and the image around it. */
export async function obtainImage(
  prepared: Prepared,
  args: ContainerArguments,
  context: Context,
): Promise<ObtainedImage> {
  const { plan, options } = prepared;
  const { engineFor } = await import('../container/choose.ts');
  const { engine, usesNix } = await engineFor(plan, args.engine ?? null, context.io.signal);
  const built = usesNix ? await buildPrepared(prepared, context) : null;
  const { buildImage } = await import('../container/build.ts');
  const { uid, gid } = statSync(options.repository);
  const image = await withProgress(context, 'build', 'building the image', (tell) =>
    buildImage(plan, {
      files: options.files,
      built,
      engine,
      name: args.tag === undefined ? null : checkedReference(args.tag, '--tag'),
      baseImage: args.baseImage === undefined ? null : checkedReference(args.baseImage, '--base-image'),
      network: args.buildNetwork ?? 'default',
      owner: { uid, gid },
      timeoutMs: options.settings.timeoutMs,
      memoryBytes: args.maxMemory === undefined ? null : bytesOf(args.maxMemory, '--max-memory'),
      isAnew: args.rebuild === true,
      signal: context.io.signal,
      onStatus: tell,
    }),
  );
  return { image, built };
}

/** Any name that an engine takes; what is pulled by it is the engine's to say. */
function checkedReference(text: string, option: string): string {
  if (imageReference.test(text) || /^[a-z0-9]+([._-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?$/.test(text))
    return text;
  throw usage(`${option} ${text} is not the name of an image`, 'Such as registry.example.com/team/shop:1.0.');
}
