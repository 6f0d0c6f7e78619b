/** A container registry for tests: Debian's docker-registry on loopback. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { temporaryFolder } from '../../src/temporary.ts';

export interface Registry {
  /** Host and port. */
  address: string;
  /** Ends it, and removes what it holds. */
  stop(): Promise<void>;
}

/** Who may use a registry with `isPrivate`. */
export const registryUser = { username: 'builder', password: 's3cret:pass' };
/** The registry takes bcrypt alone, which few machines can make. */
const passwordHash = '$2y$05$abcdefghijklmnopqrstuuKqhJSfTIYV1SkiVqP0GjQATd/vnrS1a';

export interface RegistryKind {
  /** For `registryUser` alone. */
  isPrivate?: boolean;
  tls?: { certificate: string; key: string };
}

/** An empty one on a free port, ready to be used. */
export async function startRegistry({ isPrivate = false, tls }: RegistryKind = {}): Promise<Registry> {
  const address = `127.0.0.1:${await freePort()}`;
  const { directory, remove } = temporaryFolder('nidify-registry-');
  const config = path.join(directory, 'config.yml');
  const storage = { filesystem: { rootdirectory: path.join(directory, 'data') } };
  const users = path.join(directory, 'htpasswd');
  writeFileSync(users, `${registryUser.username}:${passwordHash}\n`);
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error' },
      storage,
      http: { addr: address, ...(tls === undefined ? {} : { tls }) },
      ...(isPrivate ? { auth: { htpasswd: { realm: 'test', path: users } } } : {}),
    }),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', () => {});
  const stop = async () => {
    child.kill();
    await ended;
    remove();
  };
  for (let attempt = 0; attempt < 100; attempt++) {
    // With TLS it tells that it was asked without.
    const isUp = await fetch(`http://${address}/v2/`).then(
      () => true,
      () => false,
    );
    if (isUp) return { address, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error('the registry does not answer');
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
