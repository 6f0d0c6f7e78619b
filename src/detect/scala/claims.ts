import type { Claims } from '../../scan/types.ts';
import { jdkFileNames } from '../jvm/claims.ts';

/** What announces Scala: builds of sbt and Mill, the settings of scala-cli. */
export const scalaClaims: Claims = {
  names: [
    'build.sbt',
    'plugins.sbt',
    'Dependencies.scala',
    'build.sc',
    'build.mill',
    '.mill-version',
    'project.scala',
    ...jdkFileNames,
  ],
  suffixes: ['project/build.properties', '.config/mill-version'],
  presence: ['mill', 'millw'],
  versionTools: [],
  common: { names: jdkFileNames, sources: [] },
};
