/**
 * Requests that try to get more from an engine than the policy gives, as data. Sent to the engine itself each
 * does what it wants; sent to the policy none may.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { busyboxImage, callApi, type Engine } from './engine.ts';

export interface Scene {
  engine: Engine;
  /** A folder that may be mounted; holds `root` (a link to /), `dangling` (a link to nothing) and `folder`. */
  workspace: string;
  policySocket: string;
  /** `http://…/` with a Dockerfile behind it. */
  dockerfileUrl: string;
  /** The network interface that only the engine's host has. */
  hostInterface: string;
}

export interface Attack {
  title: string;
  /** The bytes that are sent, after `prepare`. */
  request(scene: Scene): string | Buffer;
  /** Done directly at the engine beforehand. */
  prepare?(scene: Scene): Promise<void>;
  /** Whether it got what it wants, in the engine's own view. */
  happened(scene: Scene): Promise<boolean>;
  /** Why the engine of these tests does not do it when it is asked directly. */
  engineRefuses?: string;
  /** How long the answer may take; 10 s unless told. */
  timeout?: number;
}

/** The part of a container's description that attacks want to change. */
export interface Inspected {
  // biome-ignore lint/suspicious/noExplicitAny: the engine's answer, of which each attack looks at another part
  HostConfig: Record<string, any>;
  Mounts: { Type: string; Source: string; Propagation?: string }[];
  NetworkSettings: { Networks: Record<string, unknown> };
  State: { Running: boolean };
}

/** What attacks call their container, network, volume and image. */
export const victim = 'attack';

export async function inspect({ engine }: Scene): Promise<Inspected | undefined> {
  const { status, body } = await engine.call('GET', `/containers/${victim}/json`);
  return status === 200 ? (body as Inspected) : undefined;
}

interface Parts {
  method?: string;
  target?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export function http({ method = 'POST', target = '/', headers = {}, body = '' }: Parts): Buffer {
  const all: Record<string, string> = { Host: 'docker', Connection: 'close', ...headers };
  const isFramed = 'Transfer-Encoding' in all || 'Content-Length' in all;
  if (!isFramed) all['Content-Length'] = String(Buffer.byteLength(body));
  if (!('Content-Type' in all)) all['Content-Type'] = 'application/json';
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`),
    Buffer.from(body),
  ]);
}

const createTarget = `/v1.41/containers/create?name=${victim}`;

/** A container with that HostConfig. */
function wants(
  title: string,
  hostConfig: (scene: Scene) => unknown,
  got: (inspected: Inspected, scene: Scene) => boolean,
  more: Partial<Attack> = {},
): Attack {
  return raw(
    title,
    (scene) => JSON.stringify({ Image: busyboxImage, HostConfig: hostConfig(scene) }),
    got,
    more,
  );
}

/** A container that is created with that text as the body. */
function raw(
  title: string,
  body: (scene: Scene) => string,
  got: (inspected: Inspected, scene: Scene) => boolean,
  more: Partial<Attack> = {},
): Attack {
  return {
    title,
    request: (scene) => http({ target: createTarget, body: body(scene) }),
    happened: async (scene) => {
      const inspected = await inspect(scene);
      return inspected !== undefined && got(inspected, scene);
    },
    ...more,
  };
}

const isPrivileged = ({ HostConfig }: Inspected) => HostConfig.Privileged === true;
const privilegedBody = JSON.stringify({ Image: busyboxImage, HostConfig: { Privileged: true } });

/** A privileged container, asked for in another way. */
function sent(title: string, request: Attack['request'], more: Partial<Attack> = {}): Attack {
  return { ...raw(title, () => '', isPrivileged), request, ...more };
}

const mountsSource = (source: (scene: Scene) => string) => (inspected: Inspected, scene: Scene) =>
  inspected.HostConfig.Binds?.some((bind: string) => bind.startsWith(`${source(scene)}:`)) === true ||
  inspected.HostConfig.Mounts?.some((mount: { Source: string }) => mount.Source === source(scene)) === true ||
  inspected.Mounts.some((mount) => mount.Source === source(scene));

const chunked = (text: string, extension = '') =>
  `${Buffer.byteLength(text).toString(16)}${extension}\r\n${text}\r\n0\r\n\r\n`;

async function runVictim({ engine }: Scene): Promise<void> {
  await engine.call('POST', `/containers/create?name=${victim}`, {
    Image: busyboxImage,
    Cmd: ['sleep', '60'],
    HostConfig: { Init: true },
  });
  await engine.call('POST', `/containers/${victim}/start`);
}

/** A container with a folder of the workspace, allowed as it was then; the folder is a link by now. */
async function createVictim({ policySocket, workspace }: Scene, target = '/etc'): Promise<void> {
  const folder = path.join(workspace, 'swapped');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const { status } = await callApi(policySocket, 'POST', `/containers/create?name=${victim}`, {
    Image: busyboxImage,
    Cmd: ['sleep', '60'],
    HostConfig: { Binds: [`${folder}:/host`], Init: true },
  });
  if (status !== 201) throw new Error(`the container was not created: ${status}`);
  rmSync(folder, { recursive: true });
  symlinkSync(target, folder);
}

/** A folder that is not in the workspace, though its name begins so. */
function beside({ workspace }: Scene): string {
  return `${workspace}-not`;
}

async function hasPrivilegedExec(scene: Scene): Promise<boolean> {
  const { body } = await scene.engine.call('GET', `/containers/${victim}/json`);
  for (const id of (body as { ExecIDs: string[] | null }).ExecIDs ?? []) {
    const exec = (await scene.engine.call('GET', `/exec/${id}/json`)).body;
    if ((exec as { ProcessConfig: { privileged: boolean } }).ProcessConfig.privileged) return true;
  }
  return false;
}

function object(
  kind: 'volumes' | 'networks',
  title: string,
  body: unknown,
  got: (found: Record<string, unknown>) => boolean,
  more: Partial<Attack> = {},
): Attack {
  return {
    title,
    request: () =>
      http({
        target: `/v1.41/${kind}/create`,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    happened: async ({ engine }) => {
      const { status, body: found } = await engine.call('GET', `/${kind}/${victim}`);
      return status === 200 && got(found as Record<string, unknown>);
    },
    ...more,
  };
}

/** A tar archive of one file. */
function tar(name: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  const size = Buffer.byteLength(text);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const content = Buffer.alloc(Math.ceil(size / 512) * 512);
  content.write(text);
  return Buffer.concat([header, content, Buffer.alloc(1024)]);
}

/** A build that succeeds only in the network of the host. */
function build(title: string, query: string, more: Partial<Parts> = {}, only: Partial<Attack> = {}): Attack {
  return {
    title,
    request: ({ hostInterface, dockerfileUrl }) =>
      http({
        target: `/v1.41/build?t=${victim}&${query}`.replace('URL', encodeURIComponent(dockerfileUrl)),
        headers: { 'Content-Type': 'application/x-tar' },
        body: tar('Dockerfile', hostDockerfile(hostInterface)),
        ...more,
      }),
    happened: async ({ engine }) => (await engine.call('GET', `/images/${victim}/json`)).status === 200,
    timeout: 30_000,
    ...only,
  };
}

export function hostDockerfile(hostInterface: string): string {
  return `FROM ${busyboxImage}\nRUN test -e /sys/class/net/${hostInterface}\n`;
}

/** The engine reads the start of a build's body before it looks for a form in it. */
const unread = 'x'.repeat(10_000);

export const attacks: Attack[] = [
  // What a container may not have
  wants('Privileged', () => ({ Privileged: true }), isPrivileged),
  wants(
    'CapAdd SYS_ADMIN',
    () => ({ CapAdd: ['SYS_ADMIN'] }),
    (i) => i.HostConfig.CapAdd?.[0] === 'CAP_SYS_ADMIN' || i.HostConfig.CapAdd?.[0] === 'SYS_ADMIN',
  ),
  wants(
    'CapAdd cap_sys_admin',
    () => ({ CapAdd: ['cap_sys_admin'] }),
    (i) => i.HostConfig.CapAdd?.length === 1,
  ),
  wants(
    'CapAdd ALL',
    () => ({ CapAdd: ['ALL'] }),
    (i) => i.HostConfig.CapAdd?.length === 1,
  ),
  wants(
    'CapAdd behind a harmless one',
    () => ({ CapAdd: ['CHOWN', 'SYS_PTRACE'] }),
    (i) => i.HostConfig.CapAdd?.length === 2,
  ),
  wants(
    'CapAdd as one string',
    () => ({ CapAdd: 'SYS_ADMIN' }),
    (i) => i.HostConfig.CapAdd?.length === 1,
  ),
  wants(
    'CapAdd NET_ADMIN',
    () => ({ CapAdd: ['NET_ADMIN'] }),
    (i) => i.HostConfig.CapAdd?.length === 1,
  ),
  wants(
    'Devices',
    () => ({ Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }] }),
    (i) => i.HostConfig.Devices?.length === 1,
  ),
  wants(
    'DeviceCgroupRules',
    () => ({ DeviceCgroupRules: ['a *:* rwm'] }),
    (i) => i.HostConfig.DeviceCgroupRules?.length === 1,
  ),
  wants(
    'DeviceRequests',
    () => ({ DeviceRequests: [{ Count: -1, Capabilities: [['gpu']] }] }),
    (i) => i.HostConfig.DeviceRequests?.length === 1,
  ),
  wants(
    'BlkioDeviceReadBps',
    () => ({ BlkioDeviceReadBps: [{ Path: '/dev/null', Rate: 1 }] }),
    (i) => i.HostConfig.BlkioDeviceReadBps?.length === 1,
  ),
  wants(
    'PidMode host',
    () => ({ PidMode: 'host' }),
    (i) => i.HostConfig.PidMode === 'host',
  ),
  wants(
    'IpcMode host',
    () => ({ IpcMode: 'host' }),
    (i) => i.HostConfig.IpcMode === 'host',
  ),
  wants(
    'UTSMode host',
    () => ({ UTSMode: 'host' }),
    (i) => i.HostConfig.UTSMode === 'host',
  ),
  wants(
    'UsernsMode host',
    () => ({ UsernsMode: 'host' }),
    (i) => i.HostConfig.UsernsMode === 'host',
  ),
  wants(
    'CgroupnsMode host',
    () => ({ CgroupnsMode: 'host', Privileged: false, OomScoreAdj: 3 }),
    (i) => i.HostConfig.CgroupnsMode === 'host' && i.HostConfig.OomScoreAdj === 3,
  ),
  wants(
    'CgroupParent',
    () => ({ CgroupParent: '/elsewhere' }),
    (i) => i.HostConfig.CgroupParent === '/elsewhere',
  ),
  wants(
    'OomScoreAdj',
    () => ({ OomScoreAdj: -1000 }),
    (i) => i.HostConfig.OomScoreAdj === -1000,
  ),
  wants(
    'OomKillDisable',
    () => ({ OomKillDisable: true, Memory: 64 * 1024 * 1024 }),
    (i) => i.HostConfig.OomKillDisable === true,
  ),
  wants(
    'Runtime',
    () => ({ Runtime: 'io.containerd.runc.v2' }),
    (i) => i.HostConfig.Runtime === 'io.containerd.runc.v2',
  ),
  wants(
    'Annotations',
    () => ({ Annotations: { 'run.oci.handler': 'krun' } }),
    (i) => i.HostConfig.Annotations !== undefined,
    { engineRefuses: 'it is older than API 1.43' },
  ),
  wants(
    'SecurityOpt seccomp=unconfined',
    () => ({ SecurityOpt: ['seccomp=unconfined'] }),
    (i) => i.HostConfig.SecurityOpt?.length === 1,
  ),
  wants(
    'SecurityOpt seccomp:unconfined',
    () => ({ SecurityOpt: ['seccomp:unconfined'] }),
    (i) => i.HostConfig.SecurityOpt?.length === 1,
  ),
  wants(
    'SecurityOpt with a profile that allows all',
    () => ({ SecurityOpt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'] }),
    (i) => i.HostConfig.SecurityOpt?.length === 1,
  ),
  wants(
    'SecurityOpt apparmor=unconfined',
    () => ({ SecurityOpt: ['apparmor=unconfined'] }),
    (i) => i.HostConfig.SecurityOpt?.length === 1,
  ),
  wants(
    'SecurityOpt label=disable',
    () => ({ SecurityOpt: ['label=disable'] }),
    (i) => i.HostConfig.SecurityOpt?.length === 1,
  ),
  wants(
    'MaskedPaths that are none',
    () => ({ MaskedPaths: [] }),
    (i) => i.HostConfig.MaskedPaths?.length === 0,
  ),
  wants(
    'ReadonlyPaths that are none',
    () => ({ ReadonlyPaths: [] }),
    (i) => i.HostConfig.ReadonlyPaths?.length === 0,
  ),
  wants(
    'Sysctls of the kernel',
    () => ({ Sysctls: { 'kernel.shm_rmid_forced': '1' } }),
    (i) => i.HostConfig.Sysctls !== undefined,
  ),
  wants(
    'LogConfig to a socket of the host',
    ({ engine }) => ({
      LogConfig: { Type: 'syslog', Config: { 'syslog-address': `unixgram://${engine.socket}` } },
    }),
    (i) => i.HostConfig.LogConfig.Type === 'syslog',
  ),
  wants(
    'LogConfig with a type in other letters',
    () => ({ logconfig: { type: 'fluentd' } }),
    (i) => i.HostConfig.LogConfig.Type === 'fluentd',
  ),
  wants(
    'NetworkMode host',
    () => ({ NetworkMode: 'host' }),
    (i) => i.HostConfig.NetworkMode === 'host',
  ),
  wants(
    'networkmode in other letters',
    () => ({ networkMODE: 'host' }),
    (i) => i.HostConfig.NetworkMode === 'host',
  ),
  raw(
    'the network of the host as an endpoint',
    () =>
      JSON.stringify({
        Image: busyboxImage,
        HostConfig: { NetworkMode: 'none' },
        NetworkingConfig: { EndpointsConfig: { host: {} } },
      }),
    (i) => i.NetworkSettings.Networks.host !== undefined,
  ),

  // What is mounted
  wants(
    'a bind of /',
    () => ({ Binds: ['/:/host'] }),
    mountsSource(() => '/'),
  ),
  wants(
    "a bind of the folder of the engine's socket",
    ({ engine }) => ({ Binds: [`${engine.directory}:/engine`] }),
    mountsSource(({ engine }) => engine.directory),
  ),
  wants(
    "a bind of the engine's socket",
    ({ engine }) => ({ Binds: [`${engine.socket}:/var/run/docker.sock`] }),
    mountsSource(({ engine }) => engine.socket),
  ),
  wants(
    "a bind of the policy's socket",
    ({ policySocket }) => ({ Binds: [`${policySocket}:/var/run/docker.sock`] }),
    mountsSource(({ policySocket }) => policySocket),
  ),
  wants(
    "a bind of the engine's data",
    ({ engine }) => ({ Binds: [`${engine.directory}/data:/data`] }),
    mountsSource(({ engine }) => `${engine.directory}/data`),
  ),
  wants(
    'a bind through a link in the workspace',
    ({ workspace }) => ({ Binds: [`${workspace}/root/etc:/host`] }),
    mountsSource(({ workspace }) => `${workspace}/root/etc`),
  ),
  wants(
    'a bind of a link in the workspace',
    ({ workspace }) => ({ Binds: [`${workspace}/root:/host`] }),
    mountsSource(({ workspace }) => `${workspace}/root`),
  ),
  wants(
    'a bind of a link that leads nowhere yet',
    ({ workspace }) => ({
      Mounts: [{ Type: 'volume', Target: '/v' }],
      Binds: [`${workspace}/dangling/deep:/host`],
    }),
    mountsSource(({ workspace }) => `${workspace}/dangling/deep`),
  ),
  wants(
    'a bind with dots',
    ({ workspace }) => ({ Binds: [`${workspace}/folder/../../../etc:/host`] }),
    (i) => i.HostConfig.Binds?.length === 1,
  ),
  wants(
    'a bind beside the workspace',
    ({ workspace }) => ({ Binds: [`${workspace}-not:/host`] }),
    (i) => i.HostConfig.Binds?.length === 1,
  ),
  wants(
    'a bind that spreads',
    ({ workspace }) => ({ Binds: [`${workspace}/folder:/host:rshared`] }),
    (i) => i.HostConfig.Binds?.length === 1,
  ),
  wants(
    'a second bind',
    ({ workspace }) => ({ Binds: [`${workspace}/folder:/ok`, '/etc:/host:ro'] }),
    (i) => i.HostConfig.Binds?.length === 2,
  ),
  wants(
    'a mount of /',
    () => ({ Mounts: [{ Type: 'bind', Source: '/', Target: '/host' }] }),
    mountsSource(() => '/'),
  ),
  wants(
    'a mount in other letters',
    () => ({ mounts: [{ type: 'bind', SOURCE: '/', target: '/host' }] }),
    mountsSource(() => '/'),
  ),
  raw(
    'a mount of two types',
    () =>
      `{"Image":"${busyboxImage}","HostConfig":{"Mounts":[{"Type":"volume","Source":"/etc","Target":"/host","type":"bind"}]}}`,
    mountsSource(() => '/etc'),
  ),
  wants(
    'a mount through a link',
    ({ workspace }) => ({ Mounts: [{ Type: 'bind', Source: `${workspace}/root/etc`, Target: '/host' }] }),
    mountsSource(({ workspace }) => `${workspace}/root/etc`),
  ),
  wants(
    'a mount that spreads',
    ({ workspace }) => ({
      Mounts: [
        {
          Type: 'bind',
          Source: `${workspace}/folder`,
          Target: '/host',
          BindOptions: { Propagation: 'rshared' },
        },
      ],
    }),
    (i) => i.HostConfig.Mounts?.length === 1,
  ),
  wants(
    'a volume made of a folder of the host',
    () => ({
      Mounts: [
        {
          Type: 'volume',
          Source: victim,
          Target: '/host',
          VolumeOptions: {
            DriverConfig: { Name: 'local', Options: { type: 'none', o: 'bind', device: '/' } },
          },
        },
      ],
    }),
    (i) => i.HostConfig.Mounts?.length === 1,
  ),
  wants(
    'a volume with options in other letters',
    () => ({
      Mounts: [
        {
          Type: 'volume',
          Source: victim,
          Target: '/host',
          volumeoptions: { driverconfig: { options: { type: 'none', o: 'bind', device: '/' } } },
        },
      ],
    }),
    (i) => i.HostConfig.Mounts?.length === 1,
  ),
  wants(
    'a folder in a container that the engine starts again by itself',
    ({ workspace }) => ({ Binds: [`${workspace}/folder:/host`], RestartPolicy: { Name: 'always' } }),
    (i) => i.HostConfig.RestartPolicy?.Name === 'always',
  ),
  {
    title: 'a folder that became a link after the container was created',
    prepare: createVictim,
    request: () => http({ target: `/containers/${victim}/start` }),
    happened: async (scene) => (await inspect(scene))?.State.Running === true,
  },
  {
    title: 'the same, restarted',
    prepare: createVictim,
    request: () => http({ target: `/containers/${victim}/restart?t=0` }),
    happened: async (scene) => (await inspect(scene))?.State.Running === true,
  },

  {
    title: 'the same, written to without a start',
    prepare: (scene) => createVictim(scene, beside(scene)),
    request: () =>
      http({
        method: 'PUT',
        target: `/containers/${victim}/archive?path=/host`,
        headers: { 'Content-Type': 'application/x-tar' },
        body: tar('written', 'by an attack'),
      }),
    happened: async (scene) => {
      const file = path.join(beside(scene), 'written');
      const isThere = existsSync(file);
      rmSync(file, { force: true });
      return isThere;
    },
  },

  // How JSON is read
  raw('other letters', () => `{"Image":"${busyboxImage}","HostConfig":{"privileged":true}}`, isPrivileged),
  raw('capitals', () => `{"image":"${busyboxImage}","HOSTCONFIG":{"PRIVILEGED":true}}`, isPrivileged),
  raw(
    'letters that Go folds',
    () => `{"Image":"${busyboxImage}","HostConfig":{"Bind\u017f":["/:/host"]}}`,
    mountsSource(() => '/'),
  ),
  raw(
    'a letter that is escaped',
    () => `{"Image":"${busyboxImage}","HostConfig":{"\\u0050rivileged":true}}`,
    isPrivileged,
  ),
  raw(
    'a field twice, the second counts',
    () => `{"Image":"${busyboxImage}","HostConfig":{"Privileged":false,"Privileged":true}}`,
    isPrivileged,
  ),
  raw(
    'a field twice, in two spellings',
    () => `{"Image":"${busyboxImage}","HostConfig":{"Privileged":false,"privileged":true}}`,
    isPrivileged,
  ),
  raw(
    'two objects that Go merges',
    () => `{"Image":"${busyboxImage}","HostConfig":{"Privileged":true},"HostConfig":{"Memory":0}}`,
    isPrivileged,
  ),
  raw(
    'two objects in two spellings',
    () => `{"Image":"${busyboxImage}","hostConfig":{"Privileged":true},"HostConfig":{}}`,
    isPrivileged,
  ),
  raw(
    'fields where HostConfig used to be',
    () => `{"Image":"${busyboxImage}","Privileged":true}`,
    isPrivileged,
  ),
  raw(
    'binds where HostConfig used to be',
    () => `{"Image":"${busyboxImage}","Binds":["/:/host"],"HostConfig":null}`,
    mountsSource(() => '/'),
  ),
  raw('text after the object', () => `${privilegedBody} and more`, isPrivileged),
  raw('much before the object', () => `${' '.repeat(5_000_000)}${privilegedBody}`, isPrivileged),

  // How HTTP is read
  sent('a path that is encoded', () =>
    http({ target: `/v1.41/%63ontainers/%63reate?name=${victim}`, body: privilegedBody }),
  ),
  sent('no version', () => http({ target: `/containers/create?name=${victim}`, body: privilegedBody })),
  sent('an old version', () =>
    http({ target: `/v1.12/containers/create?name=${victim}`, body: privilegedBody }),
  ),
  sent('an absolute target', () =>
    http({ target: `http://docker/containers/create?name=${victim}`, body: privilegedBody }),
  ),
  sent('a body in chunks', () =>
    http({
      target: createTarget,
      headers: { 'Transfer-Encoding': 'chunked' },
      body: chunked(privilegedBody),
    }),
  ),
  sent('a body in chunks with an extension', () =>
    http({
      target: createTarget,
      headers: { 'Transfer-Encoding': 'chunked' },
      body: chunked(privilegedBody, ';a=b'),
    }),
  ),
  sent('chunks and a length', () =>
    http({
      target: createTarget,
      headers: { 'Transfer-Encoding': 'chunked', 'Content-Length': '4' },
      body: chunked(privilegedBody),
    }),
  ),
  sent('the second of two requests', () =>
    Buffer.concat([
      http({ method: 'GET', target: '/_ping', headers: { Connection: 'keep-alive' } }),
      http({ target: createTarget, body: privilegedBody }),
    ]),
  ),
  sent('a request that wants to be upgraded', () =>
    http({ target: createTarget, headers: { Connection: 'Upgrade', Upgrade: 'tcp' }, body: privilegedBody }),
  ),
  sent('a request that wants to be upgraded to HTTP/2', () =>
    http({ target: createTarget, headers: { Connection: 'Upgrade', Upgrade: 'h2c' }, body: privilegedBody }),
  ),
  sent(
    'a request after one that is upgraded',
    () =>
      Buffer.concat([
        http({
          target: `/containers/${victim}-none/attach?stream=1`,
          headers: { Connection: 'Upgrade', Upgrade: 'tcp' },
        }),
        http({ target: createTarget, body: privilegedBody }),
      ]),
    { engineRefuses: 'it closes the connection' },
  ),
  sent('a client that waits to be told to go on', () =>
    http({ target: createTarget, headers: { Expect: '100-continue' }, body: privilegedBody }),
  ),
  sent('another content type', () =>
    http({
      target: createTarget,
      headers: { 'Content-Type': 'Application/JSON; charset=latin1' },
      body: privilegedBody,
    }),
  ),
  sent(
    'settings given to start, as of old',
    () => http({ target: `/v1.20/containers/${victim}/start`, body: JSON.stringify({ Privileged: true }) }),
    {
      prepare: async ({ engine }) =>
        void (await engine.call('POST', `/containers/create?name=${victim}`, { Image: busyboxImage })),
    },
  ),

  // Other calls
  {
    title: 'a privileged exec',
    prepare: runVictim,
    request: () =>
      http({ target: `/containers/${victim}/exec`, body: '{"Cmd":["sleep","9"],"Privileged":true}' }),
    happened: hasPrivilegedExec,
  },
  {
    title: 'a privileged exec in other letters',
    prepare: runVictim,
    request: () =>
      http({ target: `/containers/${victim}/exec`, body: '{"cmd":["sleep","9"],"pRIVILEGED":true}' }),
    happened: hasPrivilegedExec,
  },
  object(
    'volumes',
    'a volume of /',
    { Name: victim, Driver: 'local', DriverOpts: { type: 'none', o: 'bind', device: '/' } },
    (found) => found.Options !== null,
  ),
  object(
    'volumes',
    'a volume of / in other letters',
    { name: victim, driveropts: { type: 'none', o: 'bind', device: '/' } },
    (found) => found.Options !== null,
  ),
  object(
    'volumes',
    'a volume of another machine',
    { Name: victim, DriverOpts: { type: 'nfs', o: 'addr=10.0.0.1', device: ':/' } },
    (found) => found.Options !== null,
  ),
  object(
    'networks',
    'a network with macvlan',
    { Name: victim, Driver: 'macvlan' },
    (found) => found.Driver === 'macvlan',
    { engineRefuses: 'many kernels come without it' },
  ),
  object(
    'networks',
    'a network with ipvlan, in other letters',
    { NAME: victim, DRIVER: 'ipvlan' },
    (found) => found.Driver === 'ipvlan',
    { engineRefuses: 'many kernels come without it' },
  ),
  object(
    'networks',
    'a network on a bridge of the host',
    { Name: victim, Options: { 'com.docker.network.bridge.name': 'attackbr0' } },
    (found) => JSON.stringify(found.Options).includes('attackbr0'),
  ),
  object(
    'networks',
    'a network that is only a configuration',
    { Name: victim, ConfigOnly: true },
    (found) => found.ConfigOnly === true,
  ),
  {
    title: 'a swarm',
    request: () =>
      http({ target: '/swarm/init', body: '{"ListenAddr":"127.0.0.1:23777","AdvertiseAddr":"127.0.0.1"}' }),
    happened: async ({ engine }) => {
      const { body } = await engine.call('GET', '/info');
      return (body as { Swarm: { LocalNodeState: string } }).Swarm.LocalNodeState === 'active';
    },
  },
  build('a build in the network of the host', 'networkmode=host'),
  build('a build with two networks', 'networkmode=host&networkmode=default'),
  build('a build with the network as a form in the body', 'remote=URL', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `${unread}&networkmode=host`,
  }),
  build(
    'a build with the network as a multipart form',
    'remote=URL',
    {
      headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
      body: `${unread}\r\n--b\r\nContent-Disposition: form-data; name="networkmode"\r\n\r\nhost\r\n--b--\r\n`,
    },
    { engineRefuses: 'it does it only at times, by how the body happens to arrive' },
  ),
  build(
    'a build whose parameters are parted by a semicolon',
    'networkmode=host;x=y',
    {},
    { engineRefuses: 'it takes the whole for the name of a network' },
  ),
];
