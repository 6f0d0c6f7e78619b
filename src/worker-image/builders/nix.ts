import type { BuildOptions } from '../../build/build.ts';
import type { Compression } from '../../image/blobs.ts';
import { user } from '../../image/system-files.ts';
import type { Plan } from '../../plan/schema.ts';
import type { Builder } from '../types.ts';
import { builtOnce } from './once.ts';

export interface NixBuilderInput {
  /** What is built: the whole plan, or what programs need when they run. */
  plan: Plan;
  options: BuildOptions;
  compression: Compression;
  maxLayers: number;
  reason: string;
}

/** Nix builds the environment in its sandbox, and nidify writes it as an image: no daemon, no base image, no root. */
export function nixBuilder({ plan, options, compression, maxLayers, reason }: NixBuilderInput): Builder {
  const obtain = builtOnce(plan, options);
  return {
    name: 'nix',
    reason,
    home: user.home,
    environment: ({ step }, signal) => obtain(step, signal),
    async image(directory, { step }, signal) {
      const environment = await obtain(step, signal);
      const { storePathsOf } = await import('../../image/closure.ts');
      const { planLayers } = await import('../../image/layers.ts');
      const { writeLayout } = await import('../../image/layout.ts');
      const closure = storePathsOf(environment.paths, environment.closure);
      const image = await writeLayout(directory, {
        environment,
        // One is for the files of the system.
        layers: planLayers(closure, maxLayers - 1),
        labels: {},
        compression,
        name: { name: 'environment:latest', tag: 'latest' },
        ...(signal === undefined ? {} : { signal }),
        onLayer: (number, count) => step(`writing layer ${number} of ${count}`),
      });
      return { manifest: image.manifest.digest };
    },
  };
}
