/** Which JDKs Spring Boot runs on: https://docs.spring.io/spring-boot/system-requirements.html */
import { evidence } from '../evidence.ts';
import type { VersionRequest } from '../types.ts';
import type { GradleBuild } from './gradle/build.ts';

/** The lowest JDK for a version of Spring Boot; null where that is not known. */
export function javaForBoot(version: string): number | null {
  const major = /^(?<major>\d{1,3})(\.|$)/.exec(version)?.groups?.major;
  if (major === undefined) return null;
  return Number(major) >= 3 ? 17 : 8;
}

const bootPlugin =
  /["']org\.springframework\.boot["']\)?\s{0,9}version\s{0,9}\(?["'](?<version>\d[\w.-]{0,40})["']/;

/** The bound of the Spring Boot that the scripts of a build apply. */
export function bootBounds(build: GradleBuild): VersionRequest[] {
  for (const { file } of build.scripts) {
    for (const [at, line] of (file.text ?? '').split('\n').entries()) {
      const version = bootPlugin.exec(line.slice(0, 500))?.groups?.version;
      const lowest = version === undefined ? null : javaForBoot(version);
      if (lowest === null || /^\s*\/\//.test(line)) continue;
      return [{ raw: `>=${lowest}`, scheme: 'semver', because: evidence(file, at + 1, 'java/spring-boot') }];
    }
  }
  return [];
}
