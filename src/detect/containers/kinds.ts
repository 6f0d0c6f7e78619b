/** Kinds of nested containers, and the dependencies that announce them: data. */
import type { Network } from '../../plan/schema.ts';

export interface Announcing {
  container: string;
  ecosystem: 'npm' | 'pypi' | 'go' | 'crates';
  /** The whole name; with a slash at its end, its beginning. */
  names: readonly string[];
}

export const announcing: readonly Announcing[] = [
  { container: 'testcontainers', ecosystem: 'npm', names: ['testcontainers', '@testcontainers/'] },
  { container: 'testcontainers', ecosystem: 'pypi', names: ['testcontainers'] },
  {
    container: 'testcontainers',
    ecosystem: 'go',
    names: ['github.com/testcontainers/testcontainers-go', 'github.com/testcontainers/testcontainers-go/'],
  },
  {
    container: 'testcontainers',
    ecosystem: 'crates',
    names: ['testcontainers', 'testcontainers-modules'],
  },
  { container: 'dagger', ecosystem: 'npm', names: ['@dagger.io/dagger'] },
  { container: 'dagger', ecosystem: 'pypi', names: ['dagger-io'] },
  { container: 'dagger', ecosystem: 'go', names: ['dagger.io/dagger'] },
  { container: 'dagger', ecosystem: 'crates', names: ['dagger-sdk'] },
  // Test fixtures that start a compose file.
  { container: 'compose', ecosystem: 'pypi', names: ['pytest-docker', 'pytest-docker-compose'] },
  { container: 'compose', ecosystem: 'npm', names: ['docker-compose'] },
];

/**
 * Every kind builds on the host's network: without iptables a build has no way out of a bridge. They all run
 * on a bridge: wrangler, testcontainers and compose reach their containers by published ports, which a
 * container on the host's network does not have, and the engine of Dagger makes a network of its own.
 */
export const networks: Readonly<Record<string, Network>> = {
  'wrangler-containers': { build: 'host', run: 'bridge' },
  testcontainers: { build: 'host', run: 'bridge' },
  compose: { build: 'host', run: 'bridge' },
  dagger: { build: 'host', run: 'bridge' },
};
