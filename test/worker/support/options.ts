import { type GivenOptions, readOptions } from '../../../src/worker/read-options.ts';
import type { ClusterOptions } from '../../../src/worker/types.ts';
import { planOf } from '../../support/plan.ts';

export const commit = '0123456789abcdef0123456789abcdef01234567';
export const digest = `sha256:${'a'.repeat(64)}`;
export const builderImage = `registry.example.com/tools/nidify@${digest}`;

export const least: GivenOptions = {
  repository: 'https://git.example.com/team/shop.git',
  commit,
  registry: 'registry.example.com/team',
  builder: 'nix',
  builderImage,
};

/** The options of a container target where a profile or the builder needs one. */
export function optionsOf(given: GivenOptions = {}, command: string[] = []): ClusterOptions {
  const hasEngine = given.profile !== undefined && given.profile !== 'none';
  const isContainer = hasEngine || given.builder === 'buildah';
  const plan = isContainer
    ? planOf({ target: { kind: 'container', profile: 'rootless', network: null, because: [] } })
    : planOf();
  return readOptions({ ...least, ...(hasEngine ? { builder: 'buildah' } : {}), ...given }, plan, command);
}
