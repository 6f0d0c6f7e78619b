/**
 * `node scripts/bench/policy.mjs ENGINE_SOCKET IMAGE`: what templates/container/docker-policy.mjs costs per call, as
 * medians of calls that are done in turn directly and through it. The image needs `true` and `sleep`.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [engine, image] = process.argv.slice(2);
if (engine === undefined || image === undefined) {
  console.error('usage: node scripts/bench/policy.mjs ENGINE_SOCKET IMAGE');
  process.exit(2);
}
const work = mkdtempSync(path.join(tmpdir(), 'nidify-bench-'));
const listen = path.join(work, 'docker.sock');
const file = fileURLToPath(new URL('../../templates/container/docker-policy.mjs', import.meta.url));
const networks = ['--run-network', 'bridge', '--build-network', 'bridge'];
const args = [
  file,
  '--listen',
  listen,
  '--engine',
  engine,
  '--workspace',
  work,
  ...networks,
  '--ready-fd',
  '3',
];
const policy = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] });
await new Promise((resolve, reject) => {
  policy.stdio[3].once('data', resolve);
  policy.once('exit', () => reject(new Error('the policy did not start')));
});

/** A client with connections of its own, which it keeps as Docker's clients do. */
function client(socketPath) {
  const agent = new http.Agent({ keepAlive: true });
  return (method, target, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
      const request = http.request({ socketPath, agent, method, path: target, headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.once('error', reject);
        response.once('end', () => {
          const answer = Buffer.concat(parts).toString();
          if (response.statusCode >= 400) reject(new Error(`${method} ${target}: ${answer}`));
          else resolve(answer.startsWith('{') ? JSON.parse(answer) : answer);
        });
      });
      request.once('error', reject);
      request.end(text);
    });
}

const clients = { direct: client(engine), policy: client(listen) };
const { Id: box } = await clients.direct('POST', '/containers/create', {
  Image: image,
  Cmd: ['sleep', '600'],
  HostConfig: { Init: true },
});
await clients.direct('POST', `/containers/${box}/start`);

const cases = [
  { name: '/_ping', runs: 1000, call: (to) => to('GET', '/_ping') },
  { name: 'inspect', runs: 500, call: (to) => to('GET', `/containers/${box}/json`) },
  {
    name: 'exec (create, start)',
    runs: 40,
    call: async (to) => {
      const { Id } = await to('POST', `/containers/${box}/exec`, { Cmd: ['true'], AttachStdout: true });
      await to('POST', `/exec/${Id}/start`, { Detach: false, Tty: false });
    },
  },
  {
    name: 'create, start, wait, remove',
    runs: 20,
    call: async (to) => {
      const { Id } = await to('POST', '/containers/create', { Image: image, Cmd: ['true'] });
      await to('POST', `/containers/${Id}/start`);
      await to('POST', `/containers/${Id}/wait`);
      await to('DELETE', `/containers/${Id}`);
    },
  },
];

try {
  for (const { name, runs, call } of cases) {
    const times = { direct: [], policy: [] };
    for (let run = -3; run < runs; run++) {
      for (const [way, to] of Object.entries(clients)) {
        const start = performance.now();
        await call(to);
        if (run >= 0) times[way].push(performance.now() - start);
      }
    }
    const [direct, through] = [times.direct, times.policy].map(percentiles);
    const difference = through.median - direct.median;
    const more = `${difference < 0 ? '' : '+'}${difference.toFixed(2)}`;
    console.log(
      `${name}: direct ${direct.text} ms, policy ${through.text} ms (median, p95), ${more} ms at the median`,
    );
  }
} finally {
  await clients.direct('DELETE', `/containers/${box}?force=1`);
  policy.kill();
  rmSync(work, { recursive: true });
}
process.exit(0);

function percentiles(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { median: at(0.5), text: `${at(0.5).toFixed(2)} / ${at(0.95).toFixed(2)}` };
}
