/** What `build`, `run` and `shell` have in common where the target is a container. */
import { statSync } from 'node:fs';
import type { Built } from '../build/build.ts';
import type { ContainerImage } from '../container/build.ts';
import type { EngineName } from '../container/engine.ts';
import { usage } from '../errors.ts';
import { pullableImage } from '../text/image-reference.ts';
import { bytesOf } from '../text/size.ts';
import type { Context } from './context.ts';
import { buildPrepared, type EnvironmentArguments, type Prepared } from './environment.ts';
import { withProgress } from './progress.ts';

/** Options that say how an image is built. */
export interface ContainerArguments extends EnvironmentArguments {
  engine?: EngineName | undefined;
  baseImage?: string | undefined;
  /** Take the base image that the repository names, whosesoever it is. */
  trustBase?: boolean | undefined;
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
  const { parseImageName } = await import('../image/references.ts');
  const name = args.tag === undefined ? null : parseImageName(args.tag, '--tag').name;
  const baseImage = args.baseImage === undefined ? null : baseReference(args.baseImage);
  const { engineFor, refuseStranger } = await import('../container/choose.ts');
  refuseStranger(plan, {
    baseImage: args.baseImage ?? null,
    isTrusted: args.trustBase === true || args.trustFiles === true,
  });
  // Before anything is built for it.
  const { engine, usesNix } = await engineFor(plan, args.engine ?? null, context.io.signal);
  const built = usesNix ? await buildPrepared(prepared, context) : null;
  const { buildImage } = await import('../container/build.ts');
  const { uid, gid } = statSync(options.repository);
  const image = await withProgress(context, 'build', 'building the image', (tell) =>
    buildImage(plan, {
      files: options.files,
      built,
      engine,
      name,
      baseImage,
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

/** What an engine pulls, or has under that name; unlike a name that is given, it may have a digest. */
export function baseReference(text: string): string {
  if (pullableImage.test(text)) return text;
  throw usage(
    `--base-image ${text} is not the name of an image`,
    'Such as debian:trixie-slim or registry.example.com/team/base:1.0.',
  );
}
