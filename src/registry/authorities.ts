import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Certificates of authorities that count for one registry, where docker and podman keep them:
 * https://github.com/containers/image/blob/main/docs/containers-certs.d.5.md
 */
export function authoritiesOf(host: string, environment: NodeJS.ProcessEnv = process.env): string[] {
  const home = environment.HOME || homedir();
  const folders = [
    path.join(environment.XDG_CONFIG_HOME || path.join(home, '.config'), 'containers/certs.d'),
    path.join(home, '.docker/certs.d'),
    '/etc/containers/certs.d',
    '/etc/docker/certs.d',
  ];
  return folders.flatMap((folder) => certificatesIn(path.join(folder, host)));
}

/** What may not be read vouches for nobody. */
function certificatesIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.crt'));
    return names.sort().map((name) => readFileSync(path.join(folder, name), 'utf8'));
  } catch {
    return [];
  }
}
