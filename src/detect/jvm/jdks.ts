/** JDKs beside the one that a project is built with. */

import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import type { FindingNeed, ToolNeed } from '../types.ts';

/** Feature releases of which the catalogue has a package by that name in its main channel. */
export const furtherJdks: readonly number[] = [21, 17, 25, 11, 8];

/** A further JDK, as a tool; a finding where there is none of that release. */
export function furtherJdk(
  feature: number,
  project: string,
  because: ToolNeed['because'],
): ToolNeed | FindingNeed {
  if (furtherJdks.includes(feature)) return { kind: 'tool', id: `jdk${feature}`, project, because };
  return {
    kind: 'finding',
    code: 'java-toolchain-missing',
    severity: 'warning',
    message: `a JDK ${feature} is asked for beside the one of the environment, and nixpkgs has none`,
    hint: `Use ${furtherJdks.toSorted((a, b) => a - b).join(', ')}, or name a package with "packages" in nidify.jsonc.`,
    because,
  };
}

/** The build is a program, and its version of Java is computed there. */
export function computedVersion(file: ClaimedFile, line: number): FindingNeed {
  return {
    kind: 'finding',
    code: 'java-version-computed',
    severity: 'warning',
    message: `${file.path}:${line} computes its version of Java: it is not known without running the script`,
    hint: 'Write it into the script or into .java-version, or set "versions": { "java": … } in nidify.jsonc.',
    because: [evidence(file, line, 'java/computed')],
  };
}

/** Programs downloaded for other systems do not start on NixOS, and in a sandbox nothing is downloaded. */
export const gradleOptions = '-Dorg.gradle.project.org.gradle.java.installations.auto-download=false';
