/** How projects of Maven are built, tested and started: https://maven.apache.org/guides/introduction/introduction-to-the-lifecycle.html */

import { descendants } from '../../../parse/xml.ts';
import type { Commands } from '../../../plan/schema.ts';
import { child, coordinate, hasPlugin, interpolated, type PomChain } from './pom.ts';

interface Facts {
  /** Modules are built from the root of their tree, which knows the others. */
  isRoot: boolean;
  maven: string;
  frameworks: readonly string[];
}

export function mavenCommands(chain: PomChain, { isRoot, maven, frameworks }: Facts): Partial<Commands> {
  const start = startOf(chain, frameworks);
  const dev = isRoot ? devOf(chain, frameworks) : null;
  return {
    ...(isRoot ? { build: `${maven} -B package -DskipTests`, test: `${maven} -B test` } : {}),
    ...(start === null ? {} : { start }),
    ...(dev === null ? {} : { dev: `${maven} ${dev}` }),
  };
}

function startOf(chain: PomChain, frameworks: readonly string[]): string | null {
  const [{ packaging, plugins }] = chain;
  if (packaging === 'pom' || packaging === 'war') return null;
  if (frameworks.includes('quarkus')) return 'java -jar target/quarkus-app/quarkus-run.jar';
  // An archive that starts has a main class in its manifest: Spring Boot finds it, others are told.
  const isBoot = hasPlugin(chain, 'spring-boot-maven-plugin') || frameworks.includes('spring-boot');
  const isStarted = plugins.some(({ element }) => descendants(element, 'mainClass').length > 0);
  const isMicronaut = frameworks.includes('micronaut');
  return isBoot || isStarted || isMicronaut ? `java -jar ${jarOf(chain)}` : null;
}

function devOf(chain: PomChain, frameworks: readonly string[]): string | null {
  const [{ packaging }] = chain;
  if (packaging === 'pom') return null;
  if (frameworks.includes('quarkus')) return 'quarkus:dev';
  if (frameworks.includes('micronaut')) return 'mn:run';
  if (frameworks.includes('spring-boot')) return 'spring-boot:run';
  return hasPlugin(chain, 'exec-maven-plugin') ? 'compile exec:java' : null;
}

/** The archive by its name where that is written out. */
function jarOf(chain: PomChain): string {
  const [{ root, plugins }] = chain;
  const build = child(root, 'build');
  const given = build === null ? null : child(build, 'finalName');
  const [artifact, version] = [coordinate(chain, 'artifactId'), coordinate(chain, 'version')];
  const own = artifact === null || version === null ? null : `${artifact}-${version}`;
  const name = given === null ? own : interpolated(chain, given.text);
  // https://maven.apache.org/plugins/maven-assembly-plugin/descriptor-refs.html#jar-with-dependencies
  const isAssembled = plugins.some(({ element }) =>
    descendants(element, 'descriptorRef').some((each) => each.element.text === 'jar-with-dependencies'),
  );
  const path = `target/${name}${isAssembled ? '-jar-with-dependencies' : ''}.jar`;
  return name !== null && /^[\w@%+=:,./-]+$/.test(path) ? path : 'target/*.jar';
}
