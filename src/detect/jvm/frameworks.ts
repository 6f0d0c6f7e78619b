/** Frameworks by the dependencies that bring them: data. */
import type { DeclaredDependency } from '../dependencies/types.ts';

export interface JvmFramework {
  id: string;
  /** Beginnings of `group:artifact`. */
  dependencies: readonly string[];
  /** Beginnings of the ids of Gradle's plug-ins. */
  plugins?: readonly string[];
  /** Beginnings of dependencies that make it listen, where not all do; and the port, where it listens on one untold. */
  server?: { dependencies: readonly string[]; port: number };
}

export const jvmFrameworks: readonly JvmFramework[] = [
  {
    id: 'spring-boot',
    dependencies: ['org.springframework.boot:'],
    plugins: ['org.springframework.boot'],
    // server.port: https://docs.spring.io/spring-boot/appendix/application-properties/
    server: {
      dependencies: ['org.springframework.boot:spring-boot-starter-web'],
      port: 8080,
    },
  },
  {
    id: 'quarkus',
    dependencies: ['io.quarkus:', 'io.quarkus.platform:'],
    plugins: ['io.quarkus'],
    // quarkus.http.port: https://quarkus.io/guides/all-config
    server: { dependencies: ['io.quarkus:'], port: 8080 },
  },
  {
    id: 'micronaut',
    dependencies: ['io.micronaut:', 'io.micronaut.platform:'],
    plugins: ['io.micronaut.application', 'io.micronaut.minimal.application'],
    // micronaut.server.port: https://docs.micronaut.io/latest/guide/configurationreference.html
    server: { dependencies: ['io.micronaut:micronaut-http-server'], port: 8080 },
  },
  { id: 'ktor', dependencies: ['io.ktor:ktor-server'], plugins: ['io.ktor.plugin'] },
  { id: 'dropwizard', dependencies: ['io.dropwizard:dropwizard-core'] },
  { id: 'vertx', dependencies: ['io.vertx:vertx-web', 'io.vertx:vertx-core'] },
  { id: 'helidon', dependencies: ['io.helidon.'] },
  { id: 'javalin', dependencies: ['io.javalin:javalin'] },
  { id: 'play', dependencies: ['org.playframework:play', 'com.typesafe.play:play'] },
  { id: 'akka-http', dependencies: ['com.typesafe.akka:akka-http'] },
  { id: 'pekko-http', dependencies: ['org.apache.pekko:pekko-http'] },
  { id: 'http4s', dependencies: ['org.http4s:http4s-'] },
  { id: 'ring', dependencies: ['ring:ring', 'luminus:', 'metosin:reitit'] },
  { id: 'pedestal', dependencies: ['io.pedestal:'] },
];

/** Frameworks that dependencies and plug-ins bring, with the ports that they listen on. */
export function frameworksOf(
  dependencies: readonly Pick<DeclaredDependency, 'name'>[],
  plugins: readonly string[] = [],
): { ids: string[]; ports: number[] } {
  const has = (beginnings: readonly string[]) =>
    dependencies.some(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));
  const found = jvmFrameworks.filter(
    (each) =>
      has(each.dependencies) ||
      plugins.some((plugin) => (each.plugins ?? []).some((beginning) => plugin.startsWith(beginning))),
  );
  return {
    ids: found.map(({ id }) => id),
    ports: found.flatMap(({ server }) =>
      server !== undefined && has(server.dependencies) ? [server.port] : [],
    ),
  };
}
