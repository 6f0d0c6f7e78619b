#!/usr/bin/env node
// @ts-check
/**
 * The policy at the Docker API: a proxy between the Docker clients of a container and its engine.
 *
 *   node docker-policy.mjs --listen SOCKET --engine SOCKET --workspace DIR [--workspace DIR…]
 *     --build-network host|bridge|none --run-network host|bridge|none
 *     [--listen-mode 0660] [--ready-fd N] [--allow-capability NAME…] [--refuse-buildkit]
 *
 * It runs as the user that owns the engine; clients see only the socket that it listens on. Nothing that a
 * client sent is forwarded as it came: path, query, headers and JSON are parsed, checked against the lists
 * below, and written anew, so that the engine reads what was checked. What is not in a list does not pass.
 *
 * Read it in this order: `endpoints` (what may be called), `createContainer` (what a container may ask for),
 * `forward` and `hijack` (how it travels). It has no dependencies and needs Node.js 18.
 *
 * A refusal is an answer `403 {"message":"nidify policy: …"}` and one line of JSON on standard error.
 */
import { chmodSync, closeSync, lstatSync, realpathSync, unlinkSync, writeSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { parseArgs } from 'node:util';

/** @typedef {'host' | 'bridge' | 'none'} Network */
/** @typedef {{ listen: string, engine: string, workspaces: string[], buildNetwork: Network, runNetwork: Network,
 *   listenMode: number, readyFd: number | undefined, capabilities: Set<string>, refuseBuildkit: boolean }} Settings */
/** @typedef {{ [key: string]: unknown }} Fields */
/** Takes a value and where it stands; returns what the engine gets (undefined: nothing) or throws a Refusal.
 * @typedef {(value: unknown, at: string) => unknown} Shape */
/** @typedef {{ method: string, version: string, path: string, name: string, query: URLSearchParams }} Call */

class Refusal extends Error {
  /** @param {string} message what is refused, and how to change it
   * @param {number} [status] */
  constructor(message, status = 403) {
    super(message);
    this.status = status;
  }
}

const maxJsonBytes = 4 * 1024 * 1024;
/** Rest of a refused upload that is read so that the client gets to read the answer. */
const maxDrainBytes = 64 * 1024 * 1024;
/** Capabilities that Docker gives to every container. */
const defaultCapabilities = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];
const namePattern = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

const settings = readSettings();
const agent = new http.Agent({ keepAlive: true, maxFreeSockets: 16 });

// ---------------------------------------------------------------------------------------------- shapes of JSON

/** @param {unknown} value the values that mean in Go that a field is not set */
function isEmpty(value) {
  if (value === null || value === undefined || value === false || value === 0 || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

/** @type {Shape} */
function text(value, at) {
  if (typeof value !== 'string') throw new Refusal(`${at} is not a string`, 400);
  return value;
}

/** @type {Shape} */
function flag(value, at) {
  if (typeof value !== 'boolean') throw new Refusal(`${at} is neither true nor false`, 400);
  return value;
}

/** @type {Shape} The largest integers of Go are not numbers of JavaScript: they become the largest that are. */
function number(value, at) {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Refusal(`${at} is not a number`, 400);
  return Math.max(Math.min(value, 2 ** 63 - 1024), -(2 ** 63));
}

/** @param {Shape} shape @returns {Shape} */
function list(shape) {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Refusal(`${at} is not a list`, 400);
    return value.map((one, index) => shape(one, `${at}[${index}]`));
  };
}

/** @param {Shape} shape @param {RegExp} [keys] @returns {Shape} An object with keys of the user's. */
function map(shape, keys = /^/) {
  return (value, at) => {
    const entries = Object.entries(asObject(value, at)).map(([key, one]) => {
      if (!keys.test(key)) throw new Refusal(`${at} may not have the key ${JSON.stringify(key)}`);
      return [key, one === null ? null : shape(one, `${at}.${key}`)];
    });
    return Object.fromEntries(entries);
  };
}

/**
 * An object with these fields. Go takes their names in any letter case, so they are written as Docker writes
 * them, and a name that is there twice is refused. Other names do not reach the engine.
 *
 * @param {Record<string, Shape>} shapes
 * @param {{ others?: 'refuse' | 'drop' }} [options] what to do about other fields that say something
 * @returns {Shape}
 */
function record(shapes, { others = 'refuse' } = {}) {
  const names = new Map(Object.keys(shapes).map((name) => [name.toLowerCase(), name]));
  return (value, at) => {
    /** @type {Fields} */
    const result = {};
    for (const [key, one] of Object.entries(asObject(value, at))) {
      const name = names.get(key.toLowerCase());
      const place = at === '' ? (name ?? key) : `${at}.${name ?? key}`;
      if (name === undefined) {
        if (others === 'refuse' && !isEmpty(one)) throw new Refusal(`${place} is not known to this policy`);
        continue;
      }
      if (Object.hasOwn(result, name)) throw new Refusal(`${place} is given twice`);
      const cleaned = one === null ? undefined : shapes[name]?.(one, place);
      if (cleaned !== undefined) result[name] = cleaned;
    }
    return result;
  };
}

/** @param {string} why @returns {Shape} A field that may be there, but may not say anything. */
function nothing(why) {
  return (value, at) => {
    if (!isEmpty(value)) throw new Refusal(`${at}: ${why}`);
    return undefined;
  };
}

/** @param {RegExp} pattern @param {string} why @returns {Shape} */
function matching(pattern, why) {
  return (value, at) => {
    if (!pattern.test(String(text(value, at))))
      throw new Refusal(`${at} ${JSON.stringify(value)} is refused: ${why}`);
    return value;
  };
}

/** @param {unknown} value @param {string} at @returns {Fields} */
function asObject(value, at) {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Refusal(`${at === '' ? 'the body' : at} is not an object`, 400);
  return /** @type {Fields} */ (value);
}

const texts = list(text);
const labels = map(text);
/** @type {Shape} A command, which older clients send as one string. */
const command = (value, at) => (typeof value === 'string' ? value : texts(value, at));
const present = map(record({}));

// ------------------------------------------------------------------------------------------- what a container is

const config = {
  Hostname: text,
  Domainname: text,
  User: text,
  AttachStdin: flag,
  AttachStdout: flag,
  AttachStderr: flag,
  ExposedPorts: present,
  Tty: flag,
  OpenStdin: flag,
  StdinOnce: flag,
  Env: texts,
  Cmd: command,
  Healthcheck: record({
    Test: texts,
    Interval: number,
    Timeout: number,
    StartPeriod: number,
    StartInterval: number,
    Retries: number,
  }),
  ArgsEscaped: flag,
  Image: text,
  Volumes: map(record({}), /^\/[^:]*$/),
  WorkingDir: text,
  Entrypoint: command,
  NetworkDisabled: flag,
  MacAddress: text,
  OnBuild: texts,
  Labels: labels,
  StopSignal: text,
  StopTimeout: number,
  Shell: command,
};

const noDevices = nothing('devices of the host are not given to containers');
const ownCgroup = nothing('the control group of a container is chosen by the engine');
const restartPolicy = record({ Name: text, MaximumRetryCount: number });

const resources = {
  CpuShares: number,
  Memory: number,
  NanoCpus: number,
  CgroupParent: ownCgroup,
  BlkioWeight: number,
  BlkioWeightDevice: noDevices,
  BlkioDeviceReadBps: noDevices,
  BlkioDeviceWriteBps: noDevices,
  BlkioDeviceReadIOps: noDevices,
  BlkioDeviceWriteIOps: noDevices,
  CpuPeriod: number,
  CpuQuota: number,
  CpuRealtimePeriod: number,
  CpuRealtimeRuntime: number,
  CpusetCpus: text,
  CpusetMems: text,
  Devices: noDevices,
  DeviceCgroupRules: noDevices,
  DeviceRequests: noDevices,
  KernelMemory: number,
  KernelMemoryTCP: number,
  MemoryReservation: number,
  MemorySwap: number,
  MemorySwappiness: number,
  OomKillDisable: nothing('a container may not be kept from being killed when memory is short'),
  PidsLimit: number,
  Ulimits: list(record({ Name: text, Soft: number, Hard: number })),
  CpuCount: number,
  CpuPercent: number,
  IOMaximumIOps: number,
  IOMaximumBandwidth: number,
};

const volumeName = matching(namePattern, 'this is not the name of a volume');
const localDriver = matching(/^(local)?$/, 'only the driver "local" is allowed');
const noDriverOptions = nothing('options of a volume driver can mount any folder of the host');
const modes = /^(ro|rw|z|Z|nocopy|consistent|cached|delegated|private|rprivate)?$/;

const mount = record({
  Type: matching(/^(bind|volume|tmpfs|image)$/, 'only bind, volume, tmpfs and image are allowed'),
  Source: text,
  Target: text,
  ReadOnly: flag,
  Consistency: text,
  BindOptions: record({
    Propagation: matching(/^(|private|rprivate)$/, 'mounts may not spread to the host'),
    NonRecursive: flag,
    CreateMountpoint: flag,
    ReadOnlyNonRecursive: flag,
    ReadOnlyForceRecursive: flag,
  }),
  VolumeOptions: record({
    NoCopy: flag,
    Labels: labels,
    Subpath: text,
    DriverConfig: record({ Name: localDriver, Options: noDriverOptions }),
  }),
  ImageOptions: record({ Subpath: text }),
  TmpfsOptions: record({ SizeBytes: number, Mode: number, Options: nothing('give SizeBytes and Mode') }),
});

const ownNamespace = nothing("a container may not be in the host's namespace");
const privateOrShared = matching(
  /^(|none|private|shareable|container:[A-Za-z0-9][A-Za-z0-9_.-]*)$/,
  "a container may not be in the host's namespace",
);

const hostConfig = record({
  ...resources,
  Binds: list(text),
  ContainerIDFile: () => undefined,
  LogConfig: record({
    Type: matching(/^(|json-file|local|none)$/, 'only json-file, local and none are allowed'),
    Config: map(
      text,
      /^(max-size|max-file|max-buffer-size|compress|mode|tag|labels|labels-regex|env|env-regex)$/,
    ),
  }),
  NetworkMode: text,
  PortBindings: map(list(record({ HostIp: text, HostPort: text }))),
  RestartPolicy: restartPolicy,
  AutoRemove: flag,
  VolumeDriver: localDriver,
  VolumesFrom: list(matching(/^[A-Za-z0-9][A-Za-z0-9_.-]*(:[A-Za-z,]+)?$/, 'give the name of a container')),
  ConsoleSize: list(number),
  Annotations: nothing('annotations change how the runtime behaves'),
  CapAdd: list(capability),
  CapDrop: texts,
  CgroupnsMode: matching(/^(|private)$/, "a container may not be in the host's namespace"),
  Dns: texts,
  DnsOptions: texts,
  DnsSearch: texts,
  ExtraHosts: texts,
  GroupAdd: texts,
  IpcMode: privateOrShared,
  Cgroup: ownCgroup,
  Links: texts,
  OomScoreAdj: (value, at) => {
    if (Number(number(value, at)) < 0) throw new Refusal(`${at} may not be negative`);
    return value;
  },
  PidMode: matching(
    /^(|private|container:[A-Za-z0-9][A-Za-z0-9_.-]*)$/,
    'processes of the host are not shown',
  ),
  Privileged: nothing('a privileged container is root on the host of this engine'),
  PublishAllPorts: flag,
  ReadonlyRootfs: flag,
  SecurityOpt: list(
    matching(
      /^(no-new-privileges([:=](true|false))?|seccomp[:=]builtin|apparmor[:=]docker-default)$/,
      'only no-new-privileges is allowed; the confinement of a container stays as the engine makes it',
    ),
  ),
  StorageOpt: map(text, /^size$/),
  Tmpfs: map(matching(/^[A-Za-z0-9=,_%-]*$/, 'this is not an option of tmpfs'), /^\//),
  UTSMode: ownNamespace,
  UsernsMode: ownNamespace,
  ShmSize: number,
  Sysctls: map(text, /^net(\.[A-Za-z0-9_-]+)+$/),
  Runtime: nothing('the runtime is chosen by the engine'),
  Isolation: matching(/^(|default)$/i, 'isolation is chosen by the engine'),
  Mounts: list(mount),
  MaskedPaths: onlyNull,
  ReadonlyPaths: onlyNull,
  Init: flag,
});

/** @type {Shape} An empty list of them says that nothing is masked. */
function onlyNull(_value, at) {
  throw new Refusal(`${at}: what is hidden in /proc and /sys stays hidden`);
}

/** @type {Shape} */
function capability(value, at) {
  const name = String(text(value, at)).toUpperCase().replace(/^CAP_/, '');
  if (settings.capabilities.has(name)) return name;
  throw new Refusal(
    `${at}: the capability ${JSON.stringify(name)} is none of Docker's defaults` +
      ' (the policy can be started with --allow-capability)',
  );
}

const endpoint = record({
  IPAMConfig: record({ IPv4Address: text, IPv6Address: text, LinkLocalIPs: texts }),
  Links: texts,
  Aliases: texts,
  NetworkID: text,
  EndpointID: text,
  Gateway: text,
  IPAddress: text,
  IPPrefixLen: number,
  IPv6Gateway: text,
  GlobalIPv6Address: text,
  GlobalIPv6PrefixLen: number,
  MacAddress: text,
  DriverOpts: nothing('they can set kernel parameters'),
  DNSNames: texts,
  GwPriority: number,
});

const container = record(
  {
    ...config,
    HostConfig: hostConfig,
    NetworkingConfig: record({ EndpointsConfig: map(endpoint) }),
    // Where there is no HostConfig the engine takes its fields from here
    ...Object.fromEntries(
      ['Privileged', 'Binds', 'CapAdd', 'Mounts', 'Devices', 'PidMode', 'IpcMode', 'NetworkMode'].map(
        (name) => [name, nothing('it belongs into HostConfig')],
      ),
    ),
  },
  { others: 'drop' },
);

/**
 * A container that is created: its fields, then its paths and its network.
 *
 * @param {unknown} body
 * @param {Call} call
 */
async function createContainer(body, call) {
  const result = asObject(container(body, ''), '');
  const host = asObject(result.HostConfig ?? {}, 'HostConfig');
  result.HostConfig = host;
  const binds = /** @type {string[] | undefined} */ (host.Binds);
  if (binds !== undefined) host.Binds = await Promise.all(binds.map(checkBind));
  for (const [index, one] of /** @type {Fields[]} */ (host.Mounts ?? []).entries()) {
    const at = `HostConfig.Mounts[${index}].Source`;
    if (one.Type === 'bind') one.Source = await checkFolder(String(one.Source ?? ''), at);
    else if (one.Type === 'volume' && !isEmpty(one.Source)) volumeName(one.Source, at);
    else if (one.Type === undefined) throw new Refusal(`HostConfig.Mounts[${index}].Type is missing`, 400);
  }
  // The engine starts it again by itself, and then nobody looks at its folders, which may have become links.
  const mountsFolders =
    host.Binds !== undefined ||
    /** @type {Fields[]} */ (host.Mounts ?? []).some(({ Type }) => Type === 'bind');
  if (mountsFolders) host.RestartPolicy = { Name: 'no' };
  await applyNetwork(result, host, call);
  return result;
}

/** @param {string} bind `source:target[:options]` @param {number} index */
async function checkBind(bind, index) {
  const at = `HostConfig.Binds[${index}]`;
  const [source = '', target, options = '', ...more] = bind.split(':');
  if (target === undefined) throw new Refusal(`${at} has no target`, 400);
  if (more.length > 0) throw new Refusal(`${at} has too many parts`, 400);
  const refused = options.split(',').find((option) => !modes.test(option));
  if (refused !== undefined) throw new Refusal(`${at}: the option ${JSON.stringify(refused)} is not allowed`);
  if (!source.startsWith('/')) {
    volumeName(source, at);
    return bind;
  }
  const folder = await checkFolder(source, at);
  if (folder.includes(':')) throw new Refusal(`${at}: its real path ${folder} has a colon in it`);
  return [folder, target, ...(options === '' ? [] : [options])].join(':');
}

/**
 * A path that is mounted into a container: in a workspace, and away from what is the engine's.
 *
 * @param {string} source
 * @param {string} at
 * @returns {Promise<string>} the real path; the engine gets this one, so that no link is left to be turned
 *   around. What was a folder can still be made a link later: `checkStart` looks again.
 */
async function checkFolder(source, at) {
  if (!source.startsWith('/') || source.includes('\0'))
    throw new Refusal(`${at} ${JSON.stringify(source)} is not an absolute path`, 400);
  const real = realOf(source);
  if (!settings.workspaces.some((workspace) => isWithin(real, workspace))) {
    const allowed = settings.workspaces.join(', ');
    throw new Refusal(
      `${at}: ${real} is not in the workspace; what is in ${allowed} can be mounted, or a named volume`,
    );
  }
  for (const secret of await secretPaths())
    if (isWithin(real, secret) || isWithin(secret, real))
      throw new Refusal(`${at}: ${real} holds what belongs to the engine`);
  return real;
}

/** @param {string} file its real path, or that of its folder where it does not exist */
function realOf(file) {
  const normal = path.resolve(file);
  /** @type {string[]} */
  const missing = [];
  for (let known = normal; ; known = path.dirname(known)) {
    try {
      return path.join(realpathSync.native(known), ...missing);
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (code !== 'ENOENT' || isLink(known)) throw new Refusal(`${file} cannot be looked at: ${code}`);
      missing.unshift(path.basename(known));
    }
  }
}

/** A workspace, looked at once: where it lies in a folder of the worker's, it may become a link to anywhere. Of one
 * that may not be looked at, nothing is mounted. @param {string} folder */
function realNow(folder) {
  try {
    return realOf(folder);
  } catch {
    return path.resolve(folder);
  }
}

/** @param {string} file a link that leads nowhere is there, too */
function isLink(file) {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** @param {string} file @param {string} folder */
function isWithin(file, folder) {
  return file === folder || file.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** @type {string[] | undefined} */
let knownSecrets;
/** Both sockets, the folder of the engine's, and where it keeps its data. */
async function secretPaths() {
  if (knownSecrets === undefined) {
    const { DockerRootDir } = asObject(await ask('/info'), 'the answer of the engine');
    const secrets = [settings.engine, settings.listen];
    const folder = realOf(path.dirname(settings.engine));
    // A socket in a folder such as /tmp does not make all of it the engine's
    if (!settings.workspaces.some((workspace) => isWithin(workspace, folder))) secrets.push(folder);
    if (typeof DockerRootDir === 'string' && DockerRootDir !== '') secrets.push(DockerRootDir);
    knownSecrets = secrets.map(realOf);
  }
  return knownSecrets;
}

/**
 * The network of the profile. Where it is not the bridge, whatever network a container asks for is replaced
 * by it, so that a Compose file with networks of its own works.
 *
 * @param {Fields} body
 * @param {Fields} host
 * @param {Call} call
 */
async function applyNetwork(body, host, call) {
  const wanted = String(host.NetworkMode ?? '') || 'default';
  const endpoints = asObject(asObject(body.NetworkingConfig ?? {}, '').EndpointsConfig ?? {}, '');
  const isOfContainer = wanted.startsWith('container:');
  if (isOfContainer && !namePattern.test(wanted.slice('container:'.length)))
    throw new Refusal(`HostConfig.NetworkMode ${JSON.stringify(wanted)} is not known`);

  if (!isOfContainer && wanted !== 'none' && settings.runNetwork !== 'bridge') {
    if (wanted === 'host' && settings.runNetwork === 'none') refuseHostNetwork('HostConfig.NetworkMode');
    host.NetworkMode = settings.runNetwork;
    for (const name of ['Links', 'PortBindings', 'PublishAllPorts']) delete host[name];
    for (const name of ['MacAddress', 'NetworkingConfig']) delete body[name];
  } else {
    if (wanted === 'host') refuseHostNetwork('HostConfig.NetworkMode');
    for (const name of [...(isOfContainer ? [] : [wanted]), ...Object.keys(endpoints)])
      await checkNetwork(name, 'HostConfig.NetworkMode', call);
    for (const [name, one] of Object.entries(endpoints)) {
      const { NetworkID } = asObject(one ?? {}, name);
      if (!isEmpty(NetworkID)) await checkNetwork(String(NetworkID), `${name}.NetworkID`, call);
    }
  }
  if (host.NetworkMode === 'host' && !isEmpty(host.Sysctls))
    throw new Refusal("HostConfig.Sysctls would be set in the host's network");
}

/** @param {string} at @returns {never} */
function refuseHostNetwork(at) {
  const chosen = settings.runNetwork;
  throw new Refusal(
    `${at}: containers run on the network "${chosen}" here (the policy can be started with --run-network host)`,
  );
}

/** @param {string} name of a network, which the engine also finds by its ID @param {string} at @param {Call} call */
async function checkNetwork(name, at, call) {
  if (['default', 'bridge', 'none'].includes(name)) return;
  if (!namePattern.test(name))
    throw new Refusal(`${at} ${JSON.stringify(name)} is not the name of a network`);
  const answer = await ask(`${call.version}/networks/${name}`);
  if (answer === undefined) return;
  const { Driver } = asObject(answer, 'the answer of the engine');
  if (Driver === 'host') refuseHostNetwork(at);
  if (Driver !== 'bridge' && Driver !== 'null')
    throw new Refusal(`${at}: the network ${name} has the driver ${Driver}; only "bridge" is allowed`);
}

/** Looks again at what is mounted: a folder may have become a link. @param {Call} call */
async function checkStart({ version, name }) {
  const answer = await ask(`${version}/containers/${name}/json`);
  if (answer === undefined) return;
  const mounts = asObject(answer, 'the answer of the engine').Mounts;
  for (const one of /** @type {Fields[]} */ (Array.isArray(mounts) ? mounts : [])) {
    if (one.Type !== 'bind') continue;
    const source = String(one.Source);
    const real = await checkFolder(source, `the mount on ${one.Destination}`);
    if (real !== path.resolve(source))
      throw new Refusal(
        `${source} was a folder when the container was created and is a link now; create it again`,
      );
  }
}

// --------------------------------------------------------------------------------------- what else has a body

const updateContainer = record({
  ...resources,
  // What mounts folders has none, and would get one here.
  RestartPolicy: record({
    Name: matching(/^(|no)$/, 'a restart policy is given when the container is created'),
    MaximumRetryCount: number,
  }),
});

const createExec = record(
  {
    AttachStdin: flag,
    AttachStdout: flag,
    AttachStderr: flag,
    Detach: flag,
    DetachKeys: text,
    Tty: flag,
    ConsoleSize: list(number),
    Privileged: nothing('a privileged process is root on the host of this engine'),
    Cmd: command,
    Env: texts,
    User: text,
    WorkingDir: text,
  },
  { others: 'drop' },
);

const startExec = record({ Detach: flag, Tty: flag, ConsoleSize: list(number) }, { others: 'drop' });

const createVolume = record({
  Name: volumeNameOrNone,
  Driver: localDriver,
  DriverOpts: noDriverOptions,
  Labels: labels,
});

/** @type {Shape} */
function volumeNameOrNone(value, at) {
  return value === '' ? value : volumeName(value, at);
}

const bridgeDriver = matching(/^(bridge)?$/, 'only the driver "bridge" is allowed');
const bridgeOptions = map(
  text,
  /^com\.docker\.network\.(bridge\.(enable_icc|enable_ip_masquerade|host_binding_ipv4|gateway_mode_ipv[46])|driver\.mtu|enable_ipv[46]|container_iface_prefix)$/,
);

const createNetwork = record({
  Name: matching(namePattern, 'this is not the name of a network'),
  CheckDuplicate: flag,
  Driver: bridgeDriver,
  Scope: matching(/^(local)?$/, 'only the scope "local" is allowed'),
  Internal: flag,
  Attachable: flag,
  EnableIPv4: flag,
  EnableIPv6: flag,
  IPAM: record({
    Driver: matching(/^(default)?$/, 'only the driver "default" is allowed'),
    Options: nothing('give none'),
    Config: list(
      record({ Subnet: text, IPRange: text, Gateway: text, AuxiliaryAddresses: labels, AuxAddress: labels }),
    ),
  }),
  /** @type {Shape} */
  Options: (value, at) => {
    const options = asObject(bridgeOptions(value, at), at);
    for (const [name, one] of Object.entries(options))
      if (name.includes('gateway_mode') && !['', 'nat', 'isolated'].includes(String(one)))
        throw new Refusal(`${at}.${name}: only "nat" and "isolated" are allowed`);
    return options;
  },
  Labels: labels,
});

const connect = record({ Container: text, EndpointConfig: endpoint, Force: flag });

const credentials = record({
  username: text,
  password: text,
  auth: text,
  email: text,
  serveraddress: text,
  identitytoken: text,
  registrytoken: text,
});

// -------------------------------------------------------------------------------------------- what may be called

/**
 * `query`: names of parameters, with `*` when they may be given more than once. Others do not reach the
 * engine. `json` checks the body, `stream` says that it is passed on as it is; without either there is none.
 * `check` looks at the call when the body is known; what it returns is answered in the engine's place.
 *
 * @typedef {object} Endpoint
 * @property {string} method
 * @property {RegExp} path its group, if any, is the name of what it is about
 * @property {string} query
 * @property {(body: unknown, call: Call) => unknown} [json]
 * @property {string} [stream] the content type under which it is passed on
 * @property {'tcp' | 'h2c'} [upgrade] the protocol that the connection changes to, when the client asks for it
 * @property {(call: Call, body: unknown) => Promise<boolean | void> | boolean | void} [check] true: nothing is to be done
 */

/**
 * @param {string} methods
 * @param {string} pattern with ID for a container, network or volume, and IMAGE for a reference to an image
 * @param {string} [query]
 * @param {Omit<Endpoint, 'method' | 'path' | 'query'>} [more]
 * @returns {Endpoint[]}
 */
function allow(methods, pattern, query = '', more = {}) {
  const source = pattern
    .replaceAll('.', '\\.')
    .replace('ID', '([A-Za-z0-9][A-Za-z0-9_.-]*)')
    .replace('IMAGE', '([A-Za-z0-9][A-Za-z0-9_.:@/+-]*)');
  return methods.split(' ').map((method) => ({ method, path: new RegExp(`^${source}$`), query, ...more }));
}

const tar = 'application/x-tar';
const isProfileBridge = () => settings.runNetwork === 'bridge';

/** @type {Endpoint[]} The first that matches counts. */
const endpoints = [
  ...allow('GET HEAD', '/_ping'),
  ...allow('GET', '/version'),
  ...allow('GET', '/info'),
  ...allow('GET', '/events', 'since until filters'),
  ...allow('GET', '/system/df', 'type* verbose'),
  ...allow('POST', '/auth', '', { json: (body) => credentials(body, '') }),

  ...allow('GET', '/containers/json', 'all limit size since before filters'),
  ...allow('POST', '/containers/create', 'name platform', { json: createContainer }),
  ...allow('POST', '/containers/prune', 'filters'),
  // `docker inspect` asks for an image under the names of everything else, too
  ...allow('GET', '/containers/IMAGE/json', 'size'),
  ...allow('GET', '/containers/ID/top', 'ps_args', { check: checkTop }),
  ...allow('GET', '/containers/ID/logs', 'follow stdout stderr since until timestamps tail details'),
  ...allow('GET', '/containers/ID/stats', 'stream one-shot'),
  ...allow('GET', '/containers/ID/changes'),
  ...allow('GET', '/containers/ID/export'),
  // The engine mounts what the container mounts, anew, to read and write files
  ...allow('GET HEAD', '/containers/ID/archive', 'path', { check: checkStart }),
  ...allow('PUT', '/containers/ID/archive', 'path noOverwriteDirNonDir copyUIDGID', {
    stream: tar,
    check: checkStart,
  }),
  ...allow('POST', '/containers/ID/start', 'detachKeys', { check: checkStart }),
  ...allow('POST', '/containers/ID/restart', 't signal', { check: checkStart }),
  ...allow('POST', '/containers/ID/stop', 't signal'),
  ...allow('POST', '/containers/ID/kill', 'signal'),
  ...allow('POST', '/containers/ID/pause'),
  ...allow('POST', '/containers/ID/unpause'),
  ...allow('POST', '/containers/ID/wait', 'condition'),
  ...allow('POST', '/containers/ID/resize', 'h w'),
  ...allow('POST', '/containers/ID/rename', 'name'),
  ...allow('POST', '/containers/ID/update', '', { json: (body) => updateContainer(body, '') }),
  ...allow('POST', '/containers/ID/attach', 'detachKeys logs stream stdin stdout stderr', { upgrade: 'tcp' }),
  ...allow('POST', '/containers/ID/exec', '', { json: (body) => createExec(body, '') }),
  ...allow('DELETE', '/containers/ID', 'v force link'),
  ...allow('GET', '/exec/ID/json'),
  ...allow('POST', '/exec/ID/start', '', { json: (body) => startExec(body, ''), upgrade: 'tcp' }),
  ...allow('POST', '/exec/ID/resize', 'h w'),
  ...allow('POST', '/commit', 'container repo tag comment author pause changes*', {
    json: (body) => record(config, { others: 'drop' })(body ?? {}, ''),
  }),

  ...allow('GET', '/images/json', 'all filters digests shared-size manifests identity filter'),
  ...allow('GET', '/images/search', 'term limit filters'),
  ...allow('GET', '/images/get', 'names* platform*'),
  ...allow('POST', '/images/create', 'fromImage fromSrc repo tag message platform changes*', { stream: tar }),
  ...allow('POST', '/images/load', 'quiet platform*', { stream: tar }),
  ...allow('POST', '/images/prune', 'filters'),
  ...allow('GET', '/images/IMAGE/json', 'manifests platform'),
  ...allow('GET', '/images/IMAGE/history', 'platform'),
  ...allow('GET', '/images/IMAGE/get', 'platform*'),
  ...allow('POST', '/images/IMAGE/push', 'tag platform', { stream: 'application/json' }),
  ...allow('POST', '/images/IMAGE/tag', 'repo tag'),
  ...allow('DELETE', '/images/IMAGE', 'force noprune platforms*'),
  ...allow('GET', '/distribution/IMAGE/json'),

  ...allow(
    'POST',
    '/build',
    'dockerfile t* extrahosts* remote q nocache cachefrom pull rm forcerm memory memswap cpushares cpusetcpus' +
      ' cpusetmems cpuperiod cpuquota buildargs shmsize squash labels networkmode platform target outputs version' +
      ' session buildid ulimits cgroupparent securityopt* isolation',
    { stream: tar, check: checkBuild },
  ),
  ...allow('POST', '/build/prune', 'keep-storage reserved-space max-used-space min-free-space all filters'),
  ...allow('POST', '/build/cancel', 'id'),
  ...allow('POST', '/session', '', { upgrade: 'h2c', check: checkBuildkit }),
  ...allow('POST', '/grpc', '', { upgrade: 'h2c', check: checkBuildkit }),

  ...allow('GET', '/networks', 'filters'),
  ...allow('GET', '/networks/IMAGE', 'verbose scope'),
  ...allow('POST', '/networks/create', '', { json: (body) => createNetwork(body, '') }),
  ...allow('POST', '/networks/prune', 'filters'),
  ...allow('POST', '/networks/ID/connect', '', { json: (body) => connect(body, ''), check: checkConnect }),
  ...allow('POST', '/networks/ID/disconnect', '', {
    json: (body) => connect(body, ''),
    check: () => !isProfileBridge(),
  }),
  ...allow('DELETE', '/networks/ID'),

  ...allow('GET', '/plugins', 'filters'),
  ...allow('GET', '/plugins/IMAGE/json'),

  ...allow('GET', '/volumes', 'filters'),
  ...allow('GET', '/volumes/IMAGE'),
  ...allow('POST', '/volumes/create', '', { json: (body) => createVolume(body, '') }),
  ...allow('POST', '/volumes/prune', 'filters'),
  ...allow('DELETE', '/volumes/ID', 'force'),
];

/** The engine runs `ps` with these on its own side. @param {Call} call */
function checkTop({ query }) {
  if (!/^[A-Za-z0-9 ,=_-]*$/.test(query.get('ps_args') ?? ''))
    throw new Refusal('ps_args: only options of letters are allowed');
}

/** @param {Call} call */
function checkBuild({ query }) {
  for (const name of ['cgroupparent', 'securityopt', 'isolation']) {
    if (query.getAll(name).some((value) => value !== '' && value !== 'default'))
      throw new Refusal(`the parameter ${name} of a build is chosen by the engine`);
    query.delete(name);
  }
  if (query.get('version') === '2') checkBuildkit();
  // "default" is the bridge, and the only word for it that both builders know
  if (query.get('networkmode') !== 'none')
    query.set('networkmode', settings.buildNetwork === 'bridge' ? 'default' : settings.buildNetwork);
}

function checkBuildkit() {
  if (settings.refuseBuildkit)
    throw new Refusal(
      'builds with BuildKit are switched off here; set DOCKER_BUILDKIT=0 for the classic builder',
    );
}

/** @param {Call} call @param {unknown} body */
async function checkConnect(call, body) {
  if (!isProfileBridge()) return true;
  await checkNetwork(call.name, 'the network', call);
  const { EndpointConfig } = asObject(body, '');
  const { NetworkID } = asObject(EndpointConfig ?? {}, '');
  if (!isEmpty(NetworkID)) await checkNetwork(String(NetworkID), 'EndpointConfig.NetworkID', call);
  return false;
}

// ------------------------------------------------------------------------------------------------ how it travels

/**
 * What is called, if it may be. The path is decoded once, as the engine does, and then has to be made of plain
 * segments, so that there is no second way to read it.
 *
 * @param {http.IncomingMessage} request
 * @returns {{ endpoint: Endpoint, call: Call }}
 */
function route(request) {
  const method = request.method ?? '';
  const target = request.url ?? '';
  if (!target.startsWith('/')) throw new Refusal('the request target is not a path', 400);
  const [rawPath = '', ...rest] = target.split('?');
  let decoded = '';
  try {
    decoded = decodeURIComponent(rawPath);
  } catch {
    throw new Refusal('the path is not encoded well', 400);
  }
  const isPlain = /^(\/[A-Za-z0-9_.:@+-]+)+$/.test(decoded) && !/\/\.{1,2}(\/|$)/.test(decoded);
  if (!isPlain) throw new Refusal('the path is not made of plain segments', 400);
  const version = /^\/v[0-9.]+(?=\/)/.exec(decoded)?.[0] ?? '';
  if (version !== '' && !isSupported(version))
    throw new Refusal(`the API version ${version} is not served`, 400);
  const rawQuery = new URLSearchParams(rest.join('?'));
  const name = decoded.slice(version.length);
  for (const endpoint of endpoints) {
    const found = method === endpoint.method ? endpoint.path.exec(name) : null;
    if (found === null) continue;
    return {
      endpoint,
      call: {
        method,
        version,
        path: name,
        name: found[1] ?? '',
        query: checkedQuery(endpoint.query, rawQuery),
      },
    };
  }
  throw new Refusal(`${method} ${name} is none of the calls that are allowed`);
}

/** From 1.24 on, containers are not configured when they are started. @param {string} version `/v1.41` */
function isSupported(version) {
  const [, minor] = /^\/v1\.(\d{1,3})$/.exec(version) ?? [];
  return Number(minor) >= 24;
}

/** @param {string} allowed @param {URLSearchParams} query */
function checkedQuery(allowed, query) {
  const result = new URLSearchParams();
  for (const word of allowed.split(' ').filter((one) => one !== '')) {
    const name = word.replace('*', '');
    const values = query.getAll(name);
    if (values.length > 1 && word === name) throw new Refusal(`the parameter ${name} is given twice`, 400);
    for (const value of values) result.append(name, value);
  }
  return result;
}

/** @param {Call} call */
function targetOf({ version, path: name, query }) {
  return `${version}${name}${query.size === 0 ? '' : `?${query}`}`;
}

/** Headers that mean something to the engine. Above all none that says how long a body is. */
const passedHeader =
  /^(accept|user-agent|traceparent|tracestate|baggage|x-registry-(auth|config)|x-docker-expose-session-[a-z-]+)$/;

/** @param {http.IncomingMessage} request @param {string | undefined} contentType @returns {http.OutgoingHttpHeaders} */
function headersOf(request, contentType) {
  /** @type {http.OutgoingHttpHeaders} */
  const headers = { host: 'docker' };
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = String(request.rawHeaders[index]).toLowerCase();
    if (!passedHeader.test(name)) continue;
    const known = headers[name];
    const value = String(request.rawHeaders[index + 1]);
    if (known === undefined) headers[name] = value;
    else headers[name] = [.../** @type {string[]} */ (Array.isArray(known) ? known : [known]), value];
  }
  if (contentType !== undefined) headers['content-type'] = contentType;
  return headers;
}

/** @param {http.IncomingMessage} request @param {http.ServerResponse} response */
async function serve(request, response) {
  const { endpoint, call } = route(request);
  let body;
  if (endpoint.stream === undefined) body = await checkedBody(endpoint, call, await readAll(request));
  if (await endpoint.check?.(call, body?.value)) return answer(response, 200, '');
  forward(request, response, call, endpoint, body?.text);
}

/**
 * @param {Endpoint} endpoint
 * @param {Call} call
 * @param {string} received
 * @returns {Promise<{ text: string, value: unknown }>} the text is empty where there is no body
 */
async function checkedBody(endpoint, call, received) {
  // Some clients send their options with every POST; where the engine wants no body it gets none
  if (endpoint.json === undefined || received.trim() === '') return { text: '', value: {} };
  const value = await endpoint.json(parseJson(received), call);
  return { text: JSON.stringify(value), value };
}

/** @param {string} received */
function parseJson(received) {
  try {
    return JSON.parse(received);
  } catch {
    throw new Refusal('the body is not JSON', 400);
  }
}

/** @param {http.IncomingMessage} request @returns {Promise<string>} */
function readAll(request) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const parts = [];
    let size = 0;
    request.on('data', (part) => {
      size += part.length;
      if (size <= maxJsonBytes) parts.push(part);
      else reject(new Refusal(`the body is larger than ${maxJsonBytes} bytes`, 413));
    });
    request.once('end', () => resolve(Buffer.concat(parts).toString()));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client is gone')));
  });
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 * @param {Call} call
 * @param {Endpoint} endpoint
 * @param {string | undefined} body undefined: what the client sends, as it comes
 */
function forward(request, response, call, endpoint, body, isSecond = false) {
  const isStream = body === undefined;
  const headers = headersOf(
    request,
    isStream ? endpoint.stream : body === '' ? undefined : 'application/json',
  );
  const length = request.headers['content-length'];
  if (!isStream) headers['content-length'] = Buffer.byteLength(body);
  else if (length !== undefined) headers['content-length'] = length;
  else if (request.headers['transfer-encoding'] === undefined) headers['content-length'] = '0';
  const upstream = http.request({
    socketPath: settings.engine,
    agent,
    method: call.method,
    path: targetOf(call),
    headers,
  });
  upstream.once('response', (engine) => {
    // What has no length and no chunks ends with the connection, for the client as well
    const isRaw =
      engine.headers['content-length'] === undefined && engine.headers['transfer-encoding'] === undefined;
    if (isRaw && engine.statusCode === 200) {
      response.shouldKeepAlive = false;
      response.useChunkedEncodingByDefault = false;
    }
    response.writeHead(engine.statusCode ?? 502, engine.statusMessage, endToEnd(engine));
    response.flushHeaders();
    pipeline(engine, response, () => upstream.destroy());
  });
  upstream.once('error', (error) => {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // The engine closed a connection that was kept for the next call. Only what can be asked twice is.
    const isAgain = upstream.reusedSocket && !isSecond && !response.headersSent && !response.destroyed;
    if (code === 'ECONNRESET' && isAgain && (call.method === 'GET' || call.method === 'HEAD'))
      forward(request, response, call, endpoint, body, true);
    else fail(response, error);
  });
  response.once('close', () => upstream.destroy());
  if (isStream) pipeline(request, upstream, () => {});
  else upstream.end(body);
}

/** @param {http.IncomingMessage} message its headers without those of the connection */
function endToEnd(message) {
  /** @type {string[]} */
  const result = [];
  for (let index = 0; index < message.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = message.rawHeaders.slice(index, index + 2);
    if (!/^(connection|keep-alive|transfer-encoding|upgrade|proxy-.*|te|trailer)$/i.test(name))
      result.push(name, value);
  }
  return result;
}

/**
 * Connections that become a stream of bytes: attach, exec, and BuildKit's. Node.js has read the head of the
 * request and no more.
 *
 * @param {http.IncomingMessage} request
 * @param {net.Socket} client
 * @param {Buffer} head
 */
async function hijack(request, client, head) {
  const { endpoint, call } = route(request);
  const wanted = String(request.headers.upgrade ?? '').toLowerCase();
  if (endpoint.upgrade !== wanted) throw new Refusal(`${call.path} is not upgraded to ${wanted}`, 400);
  if (request.headers['transfer-encoding'] !== undefined)
    throw new Refusal('a request that is upgraded says how long its body is', 400);
  const { received, rest } = await readExactly(client, head, Number(request.headers['content-length'] ?? 0));
  const body = await checkedBody(endpoint, call, received);
  await endpoint.check?.(call, body.value);

  const headers = headersOf(request, body.text === '' ? undefined : 'application/json');
  const upstream = http.request({
    createConnection: () => net.connect({ path: settings.engine, allowHalfOpen: true }),
    method: call.method,
    path: targetOf(call),
    headers: {
      ...headers,
      connection: 'Upgrade',
      upgrade: endpoint.upgrade,
      'content-length': Buffer.byteLength(body.text),
    },
  });
  upstream.once('upgrade', (engine, socket, first) => {
    client.write(
      rawHead(engine, ['Connection', 'Upgrade', 'Upgrade', String(engine.headers.upgrade ?? wanted)]),
    );
    if (first.length > 0) socket.unshift(first);
    if (rest.length > 0) client.unshift(rest);
    // Each direction ends for itself: a client that has no more input still wants the output
    client.pipe(socket);
    socket.pipe(client);
    const closeBoth = () => {
      client.destroy();
      socket.destroy();
    };
    for (const one of [client, socket]) {
      one.on('error', closeBoth);
      one.once('close', closeBoth);
    }
  });
  upstream.once('response', (engine) => {
    client.write(rawHead(engine, ['Connection', 'close']));
    pipeline(engine, client, () => upstream.destroy());
  });
  upstream.once('error', (error) => failSocket(client, error));
  client.once('close', () => upstream.destroy());
  upstream.end(body.text);
}

/** @param {http.IncomingMessage} message @param {string[]} more */
function rawHead(message, more) {
  const headers = [...endToEnd(message), ...more];
  let head = `HTTP/1.1 ${message.statusCode} ${message.statusMessage}\r\n`;
  for (let index = 0; index < headers.length; index += 2)
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${head}\r\n`;
}

/**
 * @param {net.Socket} socket
 * @param {Buffer} head
 * @param {number} length
 * @returns {Promise<{ received: string, rest: Buffer }>}
 */
async function readExactly(socket, head, length) {
  if (!Number.isSafeInteger(length) || length < 0 || length > maxJsonBytes)
    throw new Refusal('the length of the body is not one', 413);
  let known = head;
  while (known.length < length) {
    const part = await new Promise((resolve, reject) => {
      const done = () => {
        socket.off('readable', look).off('end', gone).off('error', gone).off('close', gone);
      };
      const look = () => {
        const chunk = socket.read();
        if (chunk === null) return;
        done();
        resolve(chunk);
      };
      const gone = () => {
        done();
        reject(new Error('the client is gone'));
      };
      socket.on('readable', look).once('end', gone).once('error', gone).once('close', gone);
      look();
    });
    known = Buffer.concat([known, part]);
  }
  return { received: known.subarray(0, length).toString(), rest: known.subarray(length) };
}

/** What the engine says to a question of the policy's own; undefined where it knows no such thing.
 * @param {string} target @returns {Promise<unknown>} */
function ask(target) {
  return new Promise((resolve, reject) => {
    const question = http.get({
      socketPath: settings.engine,
      agent,
      path: target,
      headers: { host: 'docker' },
    });
    question.once('error', reject);
    question.once('response', (engine) => {
      /** @type {Buffer[]} */
      const parts = [];
      engine.on('data', (part) => parts.push(part));
      engine.once('error', reject);
      engine.once('end', () => {
        if (engine.statusCode === 404) resolve(undefined);
        else if (engine.statusCode === 200) resolve(JSON.parse(Buffer.concat(parts).toString()));
        else reject(new Error(`the engine answers ${engine.statusCode}`));
      });
    });
  });
}

/** @param {http.ServerResponse} response @param {number} status @param {string} message */
function answer(response, status, message) {
  const body = message === '' ? '' : JSON.stringify({ message });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

/** @param {http.ServerResponse} response @param {unknown} error */
function fail(response, error) {
  const request = response.req;
  const { status, message } = explain(request, error);
  if (response.headersSent || response.destroyed) return void response.destroy();
  if (!request.complete) {
    let drained = 0;
    response.shouldKeepAlive = false;
    request.on('data', (part) => {
      drained += part.length;
      if (drained > maxDrainBytes) request.destroy();
    });
    request.on('error', () => {});
    request.resume();
  }
  answer(response, status, message);
}

/** @param {net.Socket} client @param {unknown} error */
function failSocket(client, error, request = /** @type {http.IncomingMessage | undefined} */ (undefined)) {
  const { status, message } = explain(request, error);
  const body = JSON.stringify({ message });
  if (!client.writable) return void client.destroy();
  client.end(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    () => client.destroy(),
  );
}

/** @param {http.IncomingMessage | undefined} request @param {unknown} error */
function explain(request, error) {
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof Refusal))
    return { status: 502, message: `nidify policy: the engine does not answer, its log says why: ${reason}` };
  const call = `${request?.method ?? ''} ${(request?.url ?? '').split('?')[0]}`.slice(0, 300);
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), refused: call, reason })}\n`);
  return { status: error.status, message: `nidify policy: ${reason}` };
}

// ---------------------------------------------------------------------------------------------------- the process

/** @returns {Settings} */
function readSettings() {
  try {
    const string = /** @type {const} */ ({ type: 'string' });
    const many = /** @type {const} */ ({ type: 'string', multiple: true });
    const { values } = parseArgs({
      options: {
        listen: string,
        engine: string,
        workspace: many,
        'build-network': string,
        'run-network': string,
        'listen-mode': string,
        'ready-fd': string,
        'allow-capability': many,
        'refuse-buildkit': { type: 'boolean' },
      },
    });
    const { listen, engine, workspace = [] } = values;
    if (listen === undefined || engine === undefined || workspace.length === 0)
      throw new Error('--listen, --engine and --workspace are needed');
    for (const one of [listen, engine, ...workspace])
      if (!path.isAbsolute(one)) throw new Error(`${one} is not an absolute path`);
    const mode = values['listen-mode'] ?? '0660';
    if (!/^0?[0-7]{3}$/.test(mode)) throw new Error(`--listen-mode ${mode} is not one such as 0660`);
    const fd = values['ready-fd'];
    if (fd !== undefined && !/^\d{1,4}$/.test(fd)) throw new Error(`--ready-fd ${fd} is not a number`);
    const more = (values['allow-capability'] ?? []).map((name) => name.toUpperCase().replace(/^CAP_/, ''));
    return {
      listen,
      engine,
      workspaces: workspace.map(realNow),
      buildNetwork: network(values['build-network'], '--build-network'),
      runNetwork: network(values['run-network'], '--run-network'),
      listenMode: Number.parseInt(mode, 8),
      readyFd: fd === undefined ? undefined : Number(fd),
      capabilities: new Set([...defaultCapabilities, ...more]),
      refuseBuildkit: values['refuse-buildkit'] === true,
    };
  } catch (error) {
    process.stderr.write(`docker-policy: ${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

/** @param {string | undefined} value @param {string} option @returns {Network} */
function network(value, option) {
  if (value === 'host' || value === 'bridge' || value === 'none') return value;
  throw new Error(`${option} is one of host, bridge, none`);
}

function start() {
  // Builds and streams take as long as they take; only the head of a request has to come soon
  const server = http.createServer({ maxHeaderSize: 1024 * 1024, requestTimeout: 0, headersTimeout: 60_000 });
  server.keepAliveTimeout = 0;
  server.on('request', (request, response) => {
    serve(request, response).catch((error) => fail(response, error));
  });
  server.on('upgrade', (request, /** @type {net.Socket} */ socket, head) => {
    socket.on('error', () => socket.destroy());
    hijack(request, socket, head).catch((error) => failSocket(socket, error, request));
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else socket.destroy();
  });
  server.once('error', (error) => {
    process.stderr.write(`docker-policy: ${error.message}\n`);
    process.exit(1);
  });

  const stop = () => {
    try {
      unlinkSync(settings.listen);
    } catch {
      // It is gone already.
    }
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, 500).unref();

  // The socket of a run that was killed
  if (lstatSync(settings.listen, { throwIfNoEntry: false })?.isSocket()) unlinkSync(settings.listen);
  process.umask(0o777 & ~settings.listenMode);
  server.listen(settings.listen, () => {
    chmodSync(settings.listen, settings.listenMode);
    if (settings.readyFd === undefined) return;
    writeSync(settings.readyFd, 'ready\n');
    closeSync(settings.readyFd);
  });
}

start();
