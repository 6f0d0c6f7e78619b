/** An empty container registry for measuring: Debian's docker-registry on loopback. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';

/**
 * @param folder for its configuration and what it holds
 * @returns its `address`, host and port, where it answers; and the `child`, which the caller ends
 */
export async function startRegistry(folder) {
  const address = `127.0.0.1:${await freePort()}`;
  const config = path.join(folder, 'registry.yml');
  const storage = { filesystem: { rootdirectory: path.join(folder, 'data') } };
  writeFileSync(
    config,
    JSON.stringify({ version: 0.1, log: { level: 'error' }, storage, http: { addr: address } }),
  );
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  for (let attempt = 0; attempt < 100; attempt++) {
    const isUp = await fetch(`http://${address}/v2/`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { address, child };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
