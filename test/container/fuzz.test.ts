import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { temporaryFolder } from '../../src/temporary.ts';
import { http } from './attacks.ts';
import { callApi } from './engine.ts';
import { type Policy, send, startPolicy } from './proxy.ts';

/** What reached the stand-in for an engine. */
interface Received {
  method: string;
  target: string;
  headers: Record<string, unknown>;
  body: string;
}

const folder = temporaryFolder('nidify-fuzz-');
const workspace = path.join(folder.directory, 'workspace');
let received: Received[] = [];
let engine: Server;
let policy: Policy;
beforeAll(async () => {
  const socket = path.join(folder.directory, 'engine', 'docker.sock');
  mkdirSync(path.dirname(socket));
  mkdirSync(workspace);
  engine = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const target = request.url ?? '';
      // What the policy asks for itself says nothing about what it lets through
      const isQuestion =
        request.method === 'GET' && /^(\/v[\d.]+)?\/(info|networks\/|containers\/)/.test(target);
      if (!isQuestion)
        received.push({ method: request.method ?? '', target, headers: request.headers, body });
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end('{"Driver":"bridge"}');
    });
  });
  await new Promise<void>((resolve) => engine.listen(socket, resolve));
  policy = await startPolicy({ engine: socket, workspaces: [workspace] });
});
beforeEach(() => {
  received = [];
});
afterAll(async () => {
  await policy?.stop();
  engine?.closeAllConnections();
  engine?.close();
  folder.remove();
});

/** Reads what was received as Go would, whatever the letters: every value under that name, at any depth. */
function valuesOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...(fold(key) === fold(name) ? [one] : []),
    ...valuesOf(one, name),
  ]);
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll('\u017f', 's').replaceAll('\u212a', 'k');
}

const unset = [null, undefined, false, 0, ''];
const isUnset = (value: unknown) =>
  unset.includes(value as null) ||
  (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Independent of the policy: what may not be in a container that is created. */
function forbidden(body: unknown): string[] {
  const found: string[] = [];
  const empty = ['Privileged', 'Devices', 'DeviceRequests', 'DeviceCgroupRules', 'CgroupParent', 'UTSMode'];
  for (const name of [...empty, 'UsernsMode', 'Runtime', 'Annotations', 'DriverOpts'])
    if (valuesOf(body, name).some((value) => !isUnset(value))) found.push(name);
  for (const name of ['PidMode', 'IpcMode', 'NetworkMode', 'CgroupnsMode'])
    if (valuesOf(body, name).some((value) => String(value).toLowerCase() === 'host')) found.push(name);
  for (const name of ['MaskedPaths', 'ReadonlyPaths'])
    if (valuesOf(body, name).some((value) => value !== null)) found.push(name);
  for (const added of valuesOf(body, 'CapAdd').flat())
    if (/ADMIN|ALL|PTRACE|MODULE|RAWIO/i.test(String(added))) found.push(`CapAdd ${added}`);
  for (const option of valuesOf(body, 'SecurityOpt').flat())
    if (/unconfined|disable|\{/.test(String(option))) found.push(`SecurityOpt ${option}`);
  for (const bind of valuesOf(body, 'Binds').flat())
    if (String(bind).startsWith('/') && !String(bind).startsWith(workspace)) found.push(`Binds ${bind}`);
  for (const mount of valuesOf(body, 'Mounts').flat()) {
    const isBind = valuesOf(mount, 'Type').some((type) => String(type).toLowerCase() === 'bind');
    for (const source of valuesOf(mount, 'Source'))
      if (isBind && !String(source).startsWith(workspace)) found.push(`Mounts ${source}`);
    if (valuesOf(mount, 'Options').some((value) => !isUnset(value))) found.push('Options');
  }
  return found;
}

const risky: Record<string, readonly unknown[]> = {
  Privileged: [true, 'true', 1],
  Devices: [[{ PathOnHost: '/dev/mem' }], {}],
  DeviceRequests: [[{ Count: -1 }]],
  DeviceCgroupRules: [['a *:* rwm']],
  CgroupParent: ['/'],
  UTSMode: ['host'],
  UsernsMode: ['host'],
  Runtime: ['other'],
  Annotations: [{ a: 'b' }],
  PidMode: ['host', 'container:a', 'HOST'],
  IpcMode: ['host', 'shareable'],
  NetworkMode: ['host', 'bridge', 'none', 'mine'],
  CgroupnsMode: ['host', 'private'],
  MaskedPaths: [[], null],
  ReadonlyPaths: [[], ['/x']],
  CapAdd: [['SYS_ADMIN'], 'ALL', ['CHOWN', 'cap_sys_ptrace'], ['NET_RAW']],
  SecurityOpt: [['seccomp=unconfined'], ['no-new-privileges'], 'label=disable'],
  Binds: [['/:/h'], [`${workspace}:/w`], ['vol:/v'], [`${workspace}/../..:/x`], '/:/h'],
  Mounts: [
    [{ Type: 'bind', Source: '/', Target: '/h' }],
    [{ type: 'bind', Type: 'volume', source: '/etc', Target: '/h' }],
    [{ Type: 'volume', VolumeOptions: { DriverConfig: { Options: { o: 'bind' } } } }],
    [{ Type: 'bind', Source: workspace, Target: '/w' }],
  ],
  Memory: [1e30, 5, '7'],
};

/** A name as an attacker writes it. */
const spelled = (name: string) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: fc.constant(name.toLowerCase()) },
    { weight: 1, arbitrary: fc.constant(name.toUpperCase()) },
    { weight: 1, arbitrary: fc.constant(name.replace(/s/i, '\u017f').replace(/k/i, '\u212a')) },
  );

const field = fc
  .constantFrom(...Object.keys(risky))
  .chain((name) => fc.tuple(spelled(name), fc.oneof(fc.constantFrom(...(risky[name] ?? [])), fc.jsonValue())))
  .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value ?? null)}`);
const harmless = fc.constantFrom(
  '"Image":"x"',
  '"Tty":true',
  '"Cmd":["a"]',
  '"Labels":{"a":"b"}',
  '"__proto__":{}',
);

const host = fc
  .tuple(spelled('HostConfig'), fc.array(field, { maxLength: 3 }))
  .map(([name, fields]) => `${JSON.stringify(name)}:{${fields.join(',')}}`);
/** Text, so that a name can be there twice. */
const body = fc
  .array(fc.oneof({ weight: 3, arbitrary: host }, { weight: 2, arbitrary: harmless }, field), {
    maxLength: 5,
  })
  .map((parts) => `{${parts.join(',')}}`);

test('whatever a body says, nothing forbidden is passed on', { timeout: 300_000 }, async () => {
  let passed = 0;
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      received = [];
      const answer = await send(policy.socket, http({ target: '/v1.41/containers/create', body: text }));
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400|403)/);
      for (const one of received) {
        passed++;
        expect(forbidden(JSON.parse(one.body)), text).toEqual([]);
      }
    }),
    { numRuns: 1500 },
  );
  // It is no test of a wall: part of them is allowed
  expect(passed).toBeGreaterThan(50);
});

const part = fc.oneof(
  fc.constantFrom(
    'containers',
    'create',
    'x',
    'start',
    'exec',
    'images',
    'json',
    'v1.41',
    'v1.12',
    'swarm',
    'init',
  ),
  fc.constantFrom(
    '..',
    '.',
    '',
    '%2e%2e',
    '%2F',
    '%00',
    'plugins',
    'services',
    'build',
    'networks',
    'volumes',
  ),
  fc.string({ maxLength: 5 }).map((text) => encodeURIComponent(text)),
);
const known =
  /^(\/v1\.\d+)?\/(_ping|version|info|events|auth|commit|build|session|grpc|system\/df|(containers|images|networks|volumes|exec|distribution|plugins|build)(\/[\w.:@+-]+)*)(\?[\w.%=&*+-]*)?$/;

test('whatever a path is, what is passed on is plain and known', { timeout: 300_000 }, async () => {
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE');
  const separators = fc.constantFrom('/', '//', '/./', '%2f');
  const target = fc.tuple(
    fc.array(part, { maxLength: 5 }),
    separators,
    fc.constantFrom('', '?a=b', '?t=1&t=2'),
  );
  await fc.assert(
    fc.asyncProperty(methods, target, async (method, [parts, separator, query]) => {
      received = [];
      const answer = await send(
        policy.socket,
        http({ method, target: `/${parts.join(separator)}${query}`, body: '{}' }),
      );
      expect(answer).toMatch(/^HTTP\/1\.1 \d{3}/);
      for (const one of received) {
        expect(one.target).toMatch(known);
        expect(one.target).not.toMatch(/\/\.\.?(\/|$)|\/\//);
        expect(one.method === 'GET' || !/^(\/v[\d.]+)?\/plugins/.test(one.target)).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

test('bytes that are no HTTP are answered or cut off, and the next client is served', {
  timeout: 300_000,
}, async () => {
  const lines = fc.constantFrom(
    'POST /containers/create HTTP/1.1\r\n',
    'GET / HTTP/1.0\r\n',
    'Host: a\r\n',
    'Content-Length: 5\r\n',
    'Content-Length: -1\r\n',
    'Content-Length: 1, 2\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Transfer-Encoding: xchunked\r\n',
    ' Transfer-Encoding : chunked\r\n',
    'Connection: Upgrade\r\nUpgrade: tcp\r\n',
    'Connection: Upgrade\r\nUpgrade: h2c\r\n',
    'CONNECT a:1 HTTP/1.1\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\r\n',
    '\0',
    'ffffffffffffffff\r\n',
    '5\r\n{"a":\r\n',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(lines, fc.string()), { maxLength: 12 }), async (parts) => {
      received = [];
      await send(policy.socket, Buffer.from(`${parts.join('')}\r\n\r\n`), 150);
      for (const one of received) expect(one.headers['transfer-encoding'] ?? 'chunked').toBe('chunked');
      expect((await callApi(policy.socket, 'GET', '/_ping')).status).toBe(200);
    }),
    { numRuns: 150 },
  );
  expect(() => process.kill(policy.pid, 0)).not.toThrow();
});
