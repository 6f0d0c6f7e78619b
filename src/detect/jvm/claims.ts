import { versionFileClaims } from '../shared/version-files.ts';

/** Files that name a JDK, whatever builds the project. */
export const jdkFileNames = [
  '.java-version',
  '.jdk-version',
  '.sdkmanrc',
  'system.properties',
  'jitpack.yml',
  ...versionFileClaims.names,
] as const;
