/**
 * `node --expose-gc scripts/soak.mjs [--analyses 200] [--builds 50] [--seed 1]`: an orchestrator's day in one process,
 * with a fault at every call that leaves it: the registry is cut off, slow, busy or lies, the repository is gone, the builder
 * fails, the caller loses patience. Prints what was left over: memory, file descriptors, processes, temporary folders.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { analyze, openWorker } from '../dist/index.js';
import { startRegistry } from './docker-registry.mjs';

const { values } = parseArgs({
  options: {
    analyses: { type: 'string', default: '200' },
    builds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const [analyses, builds] = [Number(values.analyses), Number(values.builds)];

/** Numbers that are the same in every run: mulberry32. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const next = random(Number(values.seed));

const scratch = mkdtempSync(path.join(tmpdir(), 'soak-'));
// What nidify itself leaves is then easily seen.
process.env.TMPDIR = path.join(scratch, 'tmp');
mkdirSync(process.env.TMPDIR);

const faults = ['cut', 'cut-late', 'busy', 'broken', 'slow', 'forbidden', 'lie'];
const injected = Object.fromEntries(faults.map((fault) => [fault, 0]));
let faultRate = 0;

/** Stands before the registry, and does what networks and registries do. */
async function startFaulty(target) {
  const [host, port] = target.split(':');
  const server = createServer((incoming, outgoing) => {
    const fault = next() < faultRate ? faults[Math.floor(next() * faults.length)] : null;
    if (fault !== null) injected[fault]++;
    incoming.on('error', () => {});
    if (fault === 'cut') return void incoming.socket.destroy();
    if (fault === 'cut-late') incoming.once('data', () => incoming.socket.destroy());
    const statuses = { busy: 429, broken: 503, forbidden: 403 };
    if (fault !== null && fault in statuses) {
      incoming.resume();
      outgoing.writeHead(statuses[fault], { 'retry-after': '0' });
      return void outgoing.end('{}');
    }
    const pass = () => {
      const onward = request(
        {
          host,
          port,
          method: incoming.method,
          path: incoming.url,
          headers: { ...incoming.headers, host: incoming.headers.host },
        },
        (answer) => {
          const headers = { ...answer.headers };
          if (fault === 'lie' && 'docker-content-digest' in headers) {
            headers['docker-content-digest'] = `sha256:${'0'.repeat(64)}`;
          }
          outgoing.writeHead(answer.statusCode, headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
      incoming.on('close', () => incoming.complete || onward.destroy());
    };
    if (fault === 'slow') setTimeout(pass, 300);
    else pass();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, address: `127.0.0.1:${server.address().port}` };
}

/** Writes a layout with one layer whose content is the plan's. */
function builder(content) {
  return {
    name: 'nix',
    reason: 'it is the one of this test',
    home: '/home/nidify',
    environment: async () => null,
    async image(directory) {
      if (next() < faultRate) throw Object.assign(new Error('the builder failed'), { expected: true });
      const blobs = path.join(directory, 'blobs/sha256');
      mkdirSync(blobs, { recursive: true });
      const store = (bytes) => {
        const digest = createHash('sha256').update(bytes).digest('hex');
        writeFileSync(path.join(blobs, digest), bytes);
        return { digest: `sha256:${digest}`, size: bytes.length };
      };
      const layer = store(Buffer.alloc(2 * 1024 * 1024, content));
      const config = store(
        Buffer.from(
          JSON.stringify({
            architecture: 'amd64',
            os: 'linux',
            rootfs: { type: 'layers', diff_ids: [layer.digest] },
          }),
        ),
      );
      const type = 'application/vnd.oci.image';
      return {
        manifest: store(
          Buffer.from(
            JSON.stringify({
              schemaVersion: 2,
              config: { mediaType: `${type}.config.v1+json`, ...config },
              layers: [{ mediaType: `${type}.layer.v1.tar`, ...layer }],
            }),
          ),
        ).digest,
      };
    },
  };
}

const project = path.join(scratch, 'project');
const git = (...args) =>
  execFileSync('git', ['-C', project, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args]);
let commits = 0;
/** What the environment is made of: the content of its layer. */
let version = 0;
function commit(text) {
  version = Number(text);
  writeFileSync(
    path.join(project, 'package.json'),
    `{ "name": "soak", "engines": { "node": "22" }, "version": "${text}" }\n`,
  );
  writeFileSync(path.join(project, 'index.js'), `console.log(${commits++})\n`);
  git('add', '--all');
  git('commit', '--quiet', '--message', `${commits}`);
}

/** What is left of this process. */
function remains() {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return {
    heap: process.memoryUsage().heapUsed,
    rss: process.memoryUsage().rss,
    descriptors: readdirSync('/proc/self/fd').length,
    processes: children === '' ? 0 : children.split(' ').length,
    folders: readdirSync(process.env.TMPDIR),
  };
}

const outcomes = {};
const count = (outcome) => {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
};

async function analyzeOnce(at) {
  const target = [project, path.join(scratch, 'nowhere'), `file://${project}`][at % 3];
  const signal = at % 7 === 0 ? AbortSignal.timeout(1) : undefined;
  try {
    if (target.startsWith('file:')) {
      const worker = await openWorker(target, { registry: '127.0.0.1:1/a', ...(signal && { signal }) });
      await worker.close();
    } else {
      await analyze(target, signal === undefined ? {} : { signal });
    }
    count('analysis done');
  } catch (error) {
    count(`analysis: ${error.code ?? error.name}`);
  }
}

async function buildOnce(at, registry) {
  const impatient = at % 11 === 0;
  let worker;
  try {
    worker = await openWorker(at % 5 === 0 ? `file://${project}` : project, {
      registry: `${registry}/soak`,
      builder: builder(version),
      commit: at % 13 === 0 ? 'gone' : undefined,
      signal: impatient ? AbortSignal.timeout(150) : undefined,
    });
    const result = await worker.build({ layers: { repository: true }, onEvent() {} });
    count('build done');
    return result;
  } catch (error) {
    count(`build: ${error.code ?? error.name}`);
    return null;
  } finally {
    await worker?.close();
  }
}

const registry = await startRegistry(scratch);
const faulty = await startFaulty(registry.address);
try {
  mkdirSync(project);
  git('init', '--quiet', '--initial-branch=main');
  commit('0');
  // Everything is loaded, and every pool and cache has its size.
  for (let at = 1; at <= 20; at++) await analyzeOnce(at);
  for (let at = 1; at <= 5; at++) await buildOnce(at, faulty.address);
  const before = remains();
  faultRate = 0.08;
  for (let at = 0; at < analyses; at += 4)
    await Promise.all([0, 1, 2, 3].map((each) => analyzeOnce(at + each)));
  for (let at = 0; at < builds; at += 2) {
    if (at % 10 === 0) commit(`${at}`);
    await Promise.all([buildOnce(at, faulty.address), buildOnce(at + 1, faulty.address)]);
  }
  faultRate = 0;
  // After all that, the next one succeeds.
  const last = await buildOnce(1, faulty.address);
  // Connections that are kept open end by themselves.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const after = remains();
  console.log(JSON.stringify({ before, after, outcomes, injected, last: last?.reference ?? null }, null, 2));
} finally {
  faulty.server.close();
  faulty.server.closeAllConnections();
  registry.child.kill();
  if (existsSync(scratch)) rmSync(scratch, { recursive: true, force: true });
}
