/** Kinds of nested containers, and the dependencies that announce them: data. */
import type { Network, Severity } from '../../plan/schema.ts';
import type { Registry } from '../dependencies/types.ts';

/**
 * Every kind builds on the host's network: without iptables a build has no way out of a bridge. They run on a
 * bridge where they reach their containers by published ports, which a container on the host's network does not
 * have, or where an engine makes a network of its own.
 */
const bridged: Network = { build: 'host', run: 'bridge' };

/** In the order in which they are told. */
export const kinds = {
  /** https://developers.cloudflare.com/containers/local-dev/ */
  'wrangler-containers': bridged,
  /** Mapped ports: https://testcontainers.com/guides/introducing-testcontainers/ */
  testcontainers: bridged,
  compose: bridged,
  /** Its engine makes a bridge of its own. */
  dagger: bridged,
  /** Resources with published ports: https://aspire.dev/fundamentals/networking-overview/ */
  aspire: bridged,
  'docker-cli': bridged,
  'docker-client': bridged,
  /** Clusters whose nodes are containers: https://kind.sigs.k8s.io, https://k3d.io, https://minikube.sigs.k8s.io */
  kind: bridged,
  k3d: bridged,
  minikube: bridged,
  /** https://supabase.com/docs/guides/local-development */
  supabase: bridged,
  localstack: bridged,
  sam: bridged,
  /** Its engine is a container that publishes ports: https://docs.earthly.dev */
  earthly: bridged,
  /** Jobs join the host's network, unless told otherwise: https://nektosact.com/usage/index.html */
  act: { build: 'host', run: 'host' },
  skaffold: bridged,
  tilt: bridged,
  garden: bridged,
  werf: bridged,
  devcontainer: bridged,
} as const satisfies Record<string, Network>;

export type ContainerKind = keyof typeof kinds;

export interface Announcing {
  container: ContainerKind;
  registry: Registry;
  /** The whole name; with a `/`, `:`, `.`, `_` or `-` at its end, its beginning. */
  names: readonly string[];
  /**
   * Which use of it means that the project's development runs containers. A client of an engine may be what the
   * program is about, or only deploy it: there only a dependency of development is clear.
   */
  clear: 'any' | 'development';
}

export const announcing: readonly Announcing[] = [
  {
    container: 'testcontainers',
    registry: 'npm',
    names: ['testcontainers', '@testcontainers/'],
    clear: 'any',
  },
  { container: 'testcontainers', registry: 'pypi', names: ['testcontainers'], clear: 'any' },
  {
    container: 'testcontainers',
    registry: 'go',
    names: ['github.com/testcontainers/testcontainers-go', 'github.com/testcontainers/testcontainers-go/'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'crates',
    names: ['testcontainers', 'testcontainers-modules'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'maven',
    names: [
      'org.testcontainers:',
      // https://github.com/testcontainers/testcontainers-scala
      'com.dimafeng:testcontainers-',
      // https://github.com/testcontainers/testcontainers-clojure
      'clj-test-containers:',
      // Starts them by itself: https://docs.spring.io/spring-boot/reference/testing/testcontainers.html
      'org.springframework.boot:spring-boot-testcontainers',
    ],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'nuget',
    names: ['testcontainers', 'testcontainers.'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'rubygems',
    names: ['testcontainers', 'testcontainers-'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'packagist',
    names: ['testcontainers/testcontainers'],
    clear: 'any',
  },
  { container: 'testcontainers', registry: 'hex', names: ['testcontainers', 'excontainers'], clear: 'any' },
  {
    container: 'testcontainers',
    registry: 'hackage',
    names: ['testcontainers', 'testcontainers-'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'pub',
    names: ['testcontainers', 'testcontainers_'],
    clear: 'any',
  },
  {
    container: 'testcontainers',
    registry: 'cmake',
    names: ['testcontainers/testcontainers-native'],
    clear: 'any',
  },

  { container: 'dagger', registry: 'npm', names: ['@dagger.io/dagger'], clear: 'any' },
  { container: 'dagger', registry: 'pypi', names: ['dagger-io'], clear: 'any' },
  { container: 'dagger', registry: 'go', names: ['dagger.io/dagger'], clear: 'any' },
  { container: 'dagger', registry: 'crates', names: ['dagger-sdk'], clear: 'any' },
  { container: 'dagger', registry: 'maven', names: ['io.dagger:dagger-java-'], clear: 'any' },
  { container: 'dagger', registry: 'packagist', names: ['dagger/dagger'], clear: 'any' },
  { container: 'dagger', registry: 'hex', names: ['dagger'], clear: 'any' },

  // The hosting side alone: client integrations (`Aspire.Npgsql`) only talk to what it starts.
  {
    container: 'aspire',
    registry: 'nuget',
    names: ['aspire.apphost.sdk', 'aspire.hosting', 'aspire.hosting.'],
    clear: 'any',
  },

  // Test fixtures that start a compose file, and what starts one with the application.
  { container: 'compose', registry: 'pypi', names: ['pytest-docker', 'pytest-docker-compose'], clear: 'any' },
  { container: 'compose', registry: 'npm', names: ['docker-compose'], clear: 'any' },
  {
    container: 'compose',
    registry: 'maven',
    names: ['org.springframework.boot:spring-boot-docker-compose'],
    clear: 'any',
  },

  { container: 'localstack', registry: 'pypi', names: ['localstack'], clear: 'development' },

  // Libraries for tests that start containers.
  { container: 'docker-client', registry: 'go', names: ['github.com/ory/dockertest'], clear: 'any' },
  { container: 'docker-client', registry: 'crates', names: ['dockertest'], clear: 'any' },
  {
    container: 'docker-client',
    registry: 'pypi',
    names: ['pytest-docker-tools', 'pytest-docker-fixtures'],
    clear: 'any',
  },
  {
    container: 'docker-client',
    registry: 'npm',
    names: ['dockerode', 'docker-modem', 'docker-cli-js'],
    clear: 'development',
  },
  {
    container: 'docker-client',
    registry: 'pypi',
    names: ['docker', 'aiodocker', 'podman', 'python-on-whales'],
    clear: 'development',
  },
  {
    container: 'docker-client',
    registry: 'go',
    names: [
      'github.com/docker/docker',
      'github.com/docker/docker/',
      'github.com/moby/moby/client',
      'github.com/fsouza/go-dockerclient',
    ],
    clear: 'development',
  },
  { container: 'docker-client', registry: 'crates', names: ['bollard', 'shiplift'], clear: 'development' },
  { container: 'docker-client', registry: 'maven', names: ['com.github.docker-java:'], clear: 'development' },
  {
    container: 'docker-client',
    registry: 'nuget',
    names: ['docker.dotnet', 'docker.dotnet.'],
    clear: 'development',
  },
  { container: 'docker-client', registry: 'rubygems', names: ['docker-api'], clear: 'development' },
];

export interface KindNote {
  container: ContainerKind;
  code: string;
  severity: Severity;
  message: string;
  hint: string;
}

const cluster = {
  code: 'cluster-in-container',
  severity: 'warning',
  hint: 'Use cgroup v2 with delegation (https://kind.sigs.k8s.io/docs/user/rootless/), or a cluster elsewhere.',
} as const;

/** What a kind asks of its surroundings beyond an engine. */
export const kindNotes: readonly KindNote[] = [
  {
    container: 'dagger',
    code: 'dagger-engine',
    severity: 'info',
    message:
      'the engine of Dagger is a privileged container with the network 10.87.0.0/16; inside another Dagger the two collide, and no name resolves',
    hint: 'There let _EXPERIMENTAL_DAGGER_RUNNER_HOST name the engine that runs already, or give the inner one another network.',
  },
  ...(['kind', 'k3d', 'minikube'] as const).map((container) => ({
    ...cluster,
    container,
    message: `nodes of ${container} are containers with an init system of their own: a rootless engine needs delegated cgroups for them`,
  })),
];
