import type { BuildOptions, ClusterOptions } from './types.ts';

/** Where the repository is in an image, and what belongs to whom there: see `src/image/system-files.ts`. */
export const workFolder = '/work';

/** What the build's container runs. The builder is the one that the container's image has in it. */
export function buildCommand(
  { repository, commit, registry, prefix }: ClusterOptions,
  { layers }: BuildOptions,
): string[] {
  return [
    // Behind a # it would be the name of a branch or tag.
    ...['nidify', 'image', repository, '--commit', commit],
    ...['--registry', registry, '--prefix', prefix],
    ...(layers.length === 0 ? [] : ['--layers', layers.join(',')]),
    '--json',
  ];
}
