import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ExitCode, NidifyError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import { registryHosts } from './registries.ts';

/** What a sandboxed command may reach. */
export type Network =
  | { kind: 'none' }
  /** The host's own network. */
  | { kind: 'host' }
  | {
      kind: 'allowed';
      hosts: ReadonlySet<string>;
      endpoints: ReadonlySet<string>;
      npmRegistry: string | null;
      /** The index that pip and uv are configured to use. */
      pythonIndex: string | null;
    };

const hostName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/**
 * What `--network` says: nothing, the whole network, or names of registries, hosts and `host:port`.
 *
 * A host is allowed on ports 80 and 443 where its address is public. `host:port` is a registry that somebody
 * configured: that port, wherever it is. `npm` and `pypi` mean the registry that npm, and the index that pip
 * or uv, are configured to use, too.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function networkOf(option: string | true | undefined, env: NodeJS.ProcessEnv): Network {
  if (option === undefined) return { kind: 'none' };
  if (option === true) return { kind: 'host' };
  const hosts = new Set<string>();
  const endpoints = new Set<string>();
  let npmRegistry: string | null = null;
  let pythonIndex: string | null = null;
  for (const word of option.split(',').map((each) => each.trim().toLowerCase())) {
    const known = Object.hasOwn(registryHosts, word) ? registryHosts[word] : undefined;
    const [host = '', port] = word.split(':');
    if (known !== undefined) {
      for (const each of known) hosts.add(each);
    } else if (port !== undefined && hostName.test(host) && isPort(port)) {
      endpoints.add(`${host}:${Number(port)}`);
    } else if (port === undefined && host.includes('.') && hostName.test(host)) {
      hosts.add(host);
    } else {
      throw unknown(word);
    }
    const registry = word === 'npm' ? configuredNpmRegistry(env) : null;
    const index = word === 'pypi' ? configuredPythonIndex(env) : null;
    for (const each of [registry, index]) if (each !== null) endpoints.add(endpointOf(each));
    npmRegistry ??= registry?.href ?? null;
    pythonIndex ??= index?.href ?? null;
  }
  return { kind: 'allowed', hosts, endpoints, npmRegistry, pythonIndex };
}

/** The registry that npm is told to use, without what it may say of user and password. */
function configuredNpmRegistry(env: NodeJS.ProcessEnv): URL | null {
  return withoutSecrets(env.npm_config_registry ?? env.NPM_CONFIG_REGISTRY ?? fromNpmrc(env.HOME), 'npm');
}

/** https://pip.pypa.io/en/stable/topics/configuration/#environment-variables, https://docs.astral.sh/uv/reference/environment/ */
function configuredPythonIndex(env: NodeJS.ProcessEnv): URL | null {
  return withoutSecrets(env.PIP_INDEX_URL ?? env.UV_DEFAULT_INDEX ?? env.UV_INDEX_URL, 'pypi');
}

function endpointOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** An address without user, password and token; null where it is one of the public registries. */
function withoutSecrets(told: string | undefined, registry: string): URL | null {
  if (told === undefined || !URL.canParse(told)) return null;
  const url = new URL(told);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return registryHosts[registry]?.includes(url.hostname) === true ? null : url;
}

function fromNpmrc(home: string | undefined): string | undefined {
  if (home === undefined) return undefined;
  try {
    const text = readFileSync(path.join(home, '.npmrc'), 'utf8');
    return /^\s*registry\s*=\s*"?(?<url>[^\s"]+)/m.exec(text)?.groups?.url;
  } catch {
    return undefined;
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;
}

function unknown(word: string): NidifyError {
  const [near] = nearest(word, Object.keys(registryHosts));
  return new NidifyError({
    code: 'usage',
    message: `--network does not know ${JSON.stringify(word)}`,
    hint:
      near === undefined
        ? `It takes ${Object.keys(registryHosts).join(', ')}, host names and host:port.`
        : `Did you mean ${near}?`,
    exitCode: ExitCode.usage,
  });
}
