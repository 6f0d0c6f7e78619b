import path from 'node:path';
import type { BuildOptions } from '../../build/build.ts';
import { buildImage, type ImageOptions } from '../../container/build.ts';
import type { Engine } from '../../container/engine.ts';
import type { Compression } from '../../image/blobs.ts';
import type { Plan } from '../../plan/schema.ts';
import type { Builder } from '../types.ts';
import { builtOnce } from './once.ts';

export interface EngineBuilderInput {
  plan: Plan;
  /** How the toolchain is built; null where it comes from devcontainer features. */
  options: BuildOptions | null;
  image: Omit<ImageOptions, 'built' | 'engine' | 'name' | 'signal' | 'onStatus'>;
  engine: Engine;
  compression: Compression;
  reason: string;
}

/**
 * An engine builds the image of the container target, around the toolchain that Nix built, and its layers are taken out
 * of the engine's store: what is sent to a registry is sent by nidify, whatever built it.
 */
export function engineBuilder(input: EngineBuilderInput): Builder {
  const { plan, options, image, engine, compression, reason } = input;
  const obtain = options === null ? async () => null : builtOnce(plan, options);
  return {
    name: engine.name,
    reason,
    home: '/home/worker',
    environment: ({ step }, signal) => obtain(step, signal),
    async image(directory, { step }, signal) {
      const made = await buildImage(plan, {
        ...image,
        built: await obtain(step, signal),
        engine,
        name: null,
        signal,
        onStatus: step,
      });
      step(`taking the image out of ${engine.name}`);
      const { exportLayout } = await import('../../container/export.ts');
      const scratch = path.join(directory, 'saved');
      return exportLayout({ ...{ image: made, directory, scratch, compression }, signal });
    },
  };
}
