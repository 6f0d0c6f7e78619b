import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';

export interface AgentOptions {
  /** An unverified certificate is taken too. */
  insecure?: boolean;
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
}: AgentOptions = {}): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const ca = certificates();
  const tls = { ...(ca === null ? {} : { ca }), ...(insecure ? { rejectUnauthorized: false } : {}) };
  if (Object.keys(tls).length === 0) return isDirect ? new Agent() : new EnvHttpProxyAgent();
  return isDirect ? new Agent({ connect: tls }) : new EnvHttpProxyAgent({ connect: tls, requestTls: tls });
}

function certificates(): string[] | null {
  const file = process.env.NIX_SSL_CERT_FILE ?? process.env.SSL_CERT_FILE;
  if (file === undefined || file === '') return null;
  try {
    return [...rootCertificates, readFileSync(file, 'utf8')];
  } catch {
    return null;
  }
}
