import { isIP } from 'node:net';
import { ExitCode, NidifyError } from '../errors.ts';

/** The proxy that a request must go through; null: none. */
export type Upstream = (protocol: 'http:' | 'https:', host: string, port: number) => URL | null;

/**
 * The caller's own proxies, by the variables that curl reads: `https_proxy`, `http_proxy`, else `all_proxy`, unless
 * `no_proxy` names the host; in small letters or capitals. This machine itself is never behind a proxy.
 *
 * @throws NidifyError `proxy-unsupported` (exit 4): one that does not speak HTTP
 */
export function upstreamOf(env: Readonly<Record<string, string | undefined>>): Upstream {
  const variable = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const all = variable('all_proxy');
  const proxies = {
    'http:': proxyOf(variable('http_proxy') ?? all),
    'https:': proxyOf(variable('https_proxy') ?? all),
  };
  const exceptions = (variable('no_proxy') ?? '').split(/[\s,]+/).filter((each) => each !== '');
  return (protocol, host, port) =>
    isLoopback(host) || exceptions.some((each) => isException(each.toLowerCase(), host, port))
      ? null
      : proxies[protocol];
}

function proxyOf(text: string | undefined): URL | null {
  if (text === undefined) return null;
  const address = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  // Not the text itself, which may hold a password.
  throw new NidifyError({
    code: 'proxy-unsupported',
    message: `the proxy of your environment ${url === null ? 'has no address that can be read' : `is one of ${url.protocol}//`}`,
    hint: 'An allow-list goes through proxies of http:// and https://: set https_proxy and http_proxy, or none.',
    exitCode: ExitCode.toolMissing,
  });
}

/** Whether a host is this machine, by its name alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `*`, a name and all below it (with a dot before it or not), each with a port or without. */
function isException(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  const { name = '', number } = /^\*?\.?(?<name>.*?)(?::(?<number>\d+))?$/.exec(entry)?.groups ?? {};
  if (name === '' || (number !== undefined && Number(number) !== port)) return false;
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}
