import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';

export interface AgentOptions {
  /** An unverified certificate is taken too. */
  insecure?: boolean;
  /** Certificates of further authorities. */
  authorities?: readonly string[];
  /** No proxy, whatever the environment says. */
  isDirect?: boolean;
}

/**
 * What connects: through the proxies of the environment (`https_proxy`, `no_proxy` …), and with the company's
 * certificates (`NIX_SSL_CERT_FILE`, `SSL_CERT_FILE`) beside those that everyone has.
 */
export async function agentFor({
  insecure = false,
  isDirect = false,
  authorities = [],
}: AgentOptions = {}): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const more = [...certificates(), ...authorities];
  const tls = {
    ...(more.length === 0 ? {} : { ca: [...rootCertificates, ...more] }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
  if (Object.keys(tls).length === 0) return isDirect ? new Agent() : new EnvHttpProxyAgent();
  return isDirect ? new Agent({ connect: tls }) : new EnvHttpProxyAgent({ connect: tls, requestTls: tls });
}

function certificates(): string[] {
  const file = process.env.NIX_SSL_CERT_FILE ?? process.env.SSL_CERT_FILE;
  if (file === undefined || file === '') return [];
  try {
    return [readFileSync(file, 'utf8')];
  } catch {
    return [];
  }
}
