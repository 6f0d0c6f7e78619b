import type { Evidence } from '../../plan/schema.ts';
import { imageOf } from './images.ts';
import type { StatedVersion } from './statements.ts';

/** The versions that an image says, as statements. */
export function imageVersions(reference: string, because: () => Evidence): StatedVersion[] {
  return imageOf(reference).versions.flatMap(({ id, raw, scheme }) =>
    raw === null ? [] : [{ id, raw, scheme, because: because() }],
  );
}
