/** What pipelines, dev containers and Dockerfiles have in common: an image says versions, a script installs packages. */
import type { Evidence } from '../../plan/schema.ts';
import { installsOf } from './commands.ts';
import type { Image } from './images.ts';
import type { StatedPackage, StatedVersion } from './statements.ts';

const maxLines = 1000;

/** The versions that an image says. */
export function versionsOf({ versions }: Image, because: () => Evidence): StatedVersion[] {
  return versions.flatMap(({ id, raw, scheme }) =>
    raw === null ? [] : [{ id, raw, scheme, because: because() }],
  );
}

/** The packages that a script of a pipeline installs, each with the script as its evidence. */
export function packagesOf(script: string, because: () => Evidence): StatedPackage[] {
  const lines = script.split('\n', maxLines).map((text, line) => ({ text, line }));
  return installsOf(lines).packages.map(({ name }) => ({ name, languages: [], because: because() }));
}
