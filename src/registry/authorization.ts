/** Who this is, for a registry: https://distribution.github.io/distribution/spec/auth/token/ */
import { refused } from '../http/http.ts';
import { isLoopback } from '../image/references.ts';
import { isRecord } from '../parse/value.ts';
import { challengesOf } from './challenge.ts';
import { failureOf, notAuthorized } from './failure.ts';
import type { Answer, Call, Transport } from './transport.ts';
import type { Credentials, CredentialsSource } from './types.ts';

export type Access = 'pull' | 'pull,push';

export interface Authorization {
  /** What to send, as far as it is known; null as long as the registry has not asked. */
  header(access: Access): Promise<string | null>;
  /**
   * Makes what the registry asks for with a 401.
   *
   * @param sent what it was not content with
   * @throws NidifyError `not-authorized` (exit 6) where there is nothing else to send
   */
  renew(answer: Answer, access: Access, sent: string | null): Promise<void>;
  /** A text without anything that is secret here. */
  scrub(text: string): string;
}

interface Token {
  header: string;
  /** In milliseconds, as Date.now() counts. */
  expires: number;
}

/** Of what needs no token from elsewhere, or of the server that gives one. */
type Demand =
  | { kind: 'basic' }
  | { kind: 'bearer'; realm: URL; service: string | null; scope: string | null };

/** Where nothing is said: https://distribution.github.io/distribution/spec/auth/token/#token-response-fields */
const defaultLifeSeconds = 60;
/** A token that is about to end is not used for something that takes a while. */
const marginMs = 10_000;

export function authorizationFor(
  transport: Transport,
  { host, repository, source }: { host: string; repository: string; source: CredentialsSource },
): Authorization {
  const tokens = new Map<Access, Token>();
  const asking = new Map<Access, Promise<void>>();
  const secrets = new Set<string>();
  let demand: Demand | null = null;

  function known(access: Access): string | null {
    const token = [tokens.get(access), tokens.get('pull,push')].find(
      (each) => each !== undefined && each.expires > Date.now(),
    );
    return token?.header ?? null;
  }

  /** Several uploads need it at the same moment: one asks. */
  function obtain(access: Access, wanted: Demand): Promise<void> {
    const running = asking.get(access);
    if (running !== undefined) return running;
    const asked = ask(access, wanted).finally(() => asking.delete(access));
    asking.set(access, asked);
    return asked;
  }

  async function ask(access: Access, wanted: Demand): Promise<void> {
    const credentials = await source(host, repository);
    for (const secret of secretsOf(credentials)) secrets.add(secret);
    if (wanted.kind === 'basic') {
      if (credentials === null || !('password' in credentials)) {
        throw notAuthorized(host, 'it wants a user and a password, and there is none');
      }
      return keep(basic(credentials));
    }
    if (credentials !== null && 'registryToken' in credentials) {
      // It is for what it is for: none is asked for another one.
      return keep(`Bearer ${credentials.registryToken}`);
    }
    const call = tokenCall(wanted, scopesOf(wanted.scope, repository, access), credentials);
    const answer = await transport.exchange(call);
    if (answer.status !== 200) throw tokenFailure(answer, host, credentials, scrub);
    const token = tokenIn(answer.body.toString('utf8'));
    if (token === null) throw refused(answer.url, 'it gives no token');
    secrets.add(token.value);
    const lifeMs = token.seconds * 1000;
    const expires = Date.now() + lifeMs - Math.min(marginMs, lifeMs / 2);
    tokens.set(access, { header: `Bearer ${token.value}`, expires });
  }

  /** What is the same for whatever is done, as long as this runs. */
  function keep(header: string): void {
    const token = { header, expires: Number.POSITIVE_INFINITY };
    tokens.set('pull', token).set('pull,push', token);
  }

  function scrub(text: string): string {
    let clean = text;
    for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***');
    return clean;
  }

  return {
    async header(access) {
      if (known(access) === null && demand !== null) await obtain(access, demand);
      return known(access);
    },
    async renew(answer, access, sent) {
      demand = demandOf(answer, host);
      const now = known(access);
      // Another request has done it in the meantime.
      if (now !== null && now !== sent) return;
      tokens.delete(access);
      if (access === 'pull') tokens.delete('pull,push');
      await obtain(access, demand);
      if (known(access) === sent) throw failureOf(answer, repository, scrub, false);
    },
    scrub,
  };
}

function demandOf(answer: Answer, host: string): Demand {
  const challenges = challengesOf(answer.header('www-authenticate') ?? '');
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer')?.parameters;
  if (bearer !== undefined) {
    const realm = bearer.get('realm') ?? '';
    return {
      kind: 'bearer',
      realm: safeRealm(realm, answer.url),
      service: bearer.get('service') ?? null,
      scope: bearer.get('scope') ?? null,
    };
  }
  if (challenges.some(({ scheme }) => scheme === 'basic')) return { kind: 'basic' };
  throw notAuthorized(host, 'it does not say how to log in');
}

/** Credentials go there: encrypted, or to the same machine, which a registry on loopback is also asked on. */
function safeRealm(realm: string, registry: URL): URL {
  const url = URL.canParse(realm) ? new URL(realm) : null;
  const isPlain = registry.protocol === 'http:' && url?.protocol === 'http:';
  const isHere = url !== null && isLoopback(url.host) && isLoopback(registry.host);
  // Without TLS on purpose: then its own tokens come as it does.
  const isSame = url?.host === registry.host;
  if (url !== null && url.username === '' && url.password === '') {
    if (url.protocol === 'https:' || (isPlain && (isHere || isSame))) return url;
  }
  throw refused(registry, 'it asks for a token from an address that is not encrypted');
}

/** The registry knows best what it means, but not that a push comes after a look. */
function scopesOf(scope: string | null, repository: string, access: Access): string[] {
  const own = `repository:${repository}:`;
  const scopes = (scope ?? own).split(' ').filter((each) => each !== '');
  return scopes.map((each) => (each.startsWith(own) ? `${own}${access}` : each));
}

function tokenCall(
  { realm, service }: Extract<Demand, { kind: 'bearer' }>,
  scopes: readonly string[],
  credentials: Exclude<Credentials, { registryToken: string }> | null,
): Call {
  if (credentials !== null && 'identityToken' in credentials) {
    // https://distribution.github.io/distribution/spec/auth/oauth/
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      service: service ?? realm.host,
      client_id: 'nidify',
      scope: scopes.join(' '),
      refresh_token: credentials.identityToken,
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', url: realm, headers, body: form.toString() };
  }
  const url = new URL(realm);
  if (service !== null) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  const headers = credentials === null ? {} : { authorization: basic(credentials) };
  return { method: 'GET', url, headers };
}

function tokenFailure(
  answer: Answer,
  host: string,
  credentials: Credentials | null,
  scrub: (text: string) => string,
): Error {
  const failure = failureOf(answer, 'a token', scrub, false);
  if (failure.code !== 'not-authorized') return failure;
  const who = credentials === null ? 'nobody is logged in' : 'the user or the password is not right';
  return notAuthorized(host, `${who} (${answer.url.host} gives no token: ${answer.status})`);
}

function tokenIn(text: string): { value: string; seconds: number } | null {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isRecord(answer)) return null;
    const value = answer.token ?? answer.access_token;
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) return null;
    const seconds = answer.expires_in;
    return { value, seconds: typeof seconds === 'number' && seconds > 0 ? seconds : defaultLifeSeconds };
  } catch {
    return null;
  }
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function secretsOf(credentials: Credentials | null): string[] {
  if (credentials === null) return [];
  if ('identityToken' in credentials) return [credentials.identityToken];
  if ('registryToken' in credentials) return [credentials.registryToken];
  return [basic(credentials).slice('Basic '.length), credentials.password];
}
