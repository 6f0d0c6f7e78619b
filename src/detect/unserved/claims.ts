import type { Claims } from '../../scan/types.ts';
import { unservedEcosystems } from './manifests.ts';

/** That they are there is all that is known of them. */
export const unservedClaims: Claims = {
  presence: unservedEcosystems.flatMap(({ names }) => names ?? []),
  presenceEndings: unservedEcosystems.flatMap(({ endings }) => endings ?? []),
};
