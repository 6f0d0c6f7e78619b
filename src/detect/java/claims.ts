import type { Claims } from '../../scan/types.ts';
import { jdkFileNames } from '../jvm/claims.ts';

/** Programs of a single file, by the names that they go by. */
export const mainFileNames = [
  'Main.java',
  'App.java',
  'Application.java',
  'Hello.java',
  'HelloWorld.java',
  'Server.java',
] as const;

/** Configuration of applications: ports, and the services that they reach. */
export const applicationFileNames = [
  'application.properties',
  'application.yml',
  'application.yaml',
  'application.conf',
] as const;

/** What a build.xml of Ant imports or calls, by usual names. */
const antFileNames = [
  'common_build.xml',
  'common-build.xml',
  'build-app.xml',
  'build-common.xml',
  'build-core.xml',
  'build-impl.xml',
  'build-lib.xml',
  'build-main.xml',
  'common.xml',
] as const;

/** What announces Java and Kotlin: the files of Maven, Gradle and Ant, and version files. */
export const javaClaims: Claims = {
  names: [
    'pom.xml',
    'maven-wrapper.properties',
    'gradle-wrapper.properties',
    'gradle-daemon-jvm.properties',
    'gradle.properties',
    'libs.versions.toml',
    'build.xml',
    ...jdkFileNames,
  ],
  // Scripts of a build: those with names of their own are plug-ins of that build.
  endings: ['.gradle', '.kts'],
  presence: ['mvnw', 'gradlew', 'gradle-wrapper.jar'],
  hints: { names: [...mainFileNames, ...applicationFileNames, ...antFileNames] },
  versionTools: ['java'],
};
