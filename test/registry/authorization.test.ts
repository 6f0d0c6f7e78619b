import { describe, expect, it } from 'vitest';
import { type Fault, type OciServer, ociServer, type Seen, sha256 } from '../support/oci-server.ts';
import { blobOf, failure, open } from './support.ts';

const user = { username: 'builder', password: 's3cret:pass' };
const basic = `Basic ${Buffer.from('builder:s3cret:pass').toString('base64')}`;
const type = 'application/vnd.oci.image.manifest.v1+json';
const content = Buffer.from('{"schemaVersion":2}');

interface TokenOptions {
  token?: (request: Seen, count: number) => Fault;
  /** Whether the registry takes it. */
  isGood?: (authorization: string | undefined, request: Seen) => boolean;
  challenge?: (server: OciServer) => string;
}

/** A registry that gives its own tokens: `t1`, `t2` and so on. */
function withTokens(options: TokenOptions = {}): Promise<OciServer> {
  let count = 0;
  const { isGood = (header) => /^Bearer t\d+$/.test(header ?? '') } = options;
  const { challenge = ({ host }) => `Bearer realm="http://${host}/token",service="test, registry"` } =
    options;
  return ociServer({
    fault(request, server) {
      if (request.path === '/token') {
        count++;
        return (
          options.token?.(request, count) ?? { status: 200, body: JSON.stringify({ token: `t${count}` }) }
        );
      }
      if (isGood(request.authorization, request)) return null;
      return { status: 401, headers: { 'www-authenticate': challenge(server) } };
    },
  });
}

const tokenCalls = (server: OciServer) => server.seen.filter(({ path }) => path === '/token');
const asUser = { credentials: async () => user };

describe('a registry with tokens', () => {
  it('gets one that may push, for all that is sent', async () => {
    const server = await withTokens();
    const { registry } = open(server.host, asUser);
    const { bytes, from } = blobOf(1000);
    await registry.putBlob({ digest: sha256(bytes), size: 1000 }, from);
    await registry.putManifest('1.0', content, type);
    const [asked, ...others] = tokenCalls(server);
    expect(others).toEqual([]);
    expect(asked).toMatchObject({ method: 'GET', authorization: basic });
    expect([...(asked?.query ?? [])]).toEqual([
      ['service', 'test, registry'],
      ['scope', 'repository:team/shop:pull,push'],
    ]);
    expect(server.seen.filter(({ authorization }) => authorization === basic)).toHaveLength(1);
  });

  it('is looked at with one that may not push, by nobody in particular', async () => {
    const server = await withTokens();
    expect(await open(server.host).registry.digestOf('1.0')).toBeNull();
    expect(tokenCalls(server)).toMatchObject([{ authorization: undefined }]);
    expect(tokenCalls(server)[0]?.query.get('scope')).toBe('repository:team/shop:pull');
  });

  it('gets another when one ends in the middle of a blob', async () => {
    let patches = 0;
    const server = await withTokens({
      isGood: (header, { method }) => {
        if (method === 'PATCH') patches++;
        return header === (patches < 2 ? 'Bearer t1' : 'Bearer t2');
      },
    });
    const { bytes, from } = blobOf(1_000_000);
    const { registry, retries } = open(server.host, { ...asUser, chunkBytes: 400_000 });
    await registry.putBlob({ digest: sha256(bytes), size: bytes.length }, from);
    expect(server.blobs.get(sha256(bytes))?.equals(bytes)).toBe(true);
    expect(tokenCalls(server)).toHaveLength(2);
    expect(retries()).toEqual([]);
  });

  it('gets another before one ends', async () => {
    const server = await withTokens({
      token: (_, count) => ({ status: 200, body: `{"access_token":"t${count}","expires_in":0.2}` }),
    });
    const { registry } = open(server.host, asUser);
    await registry.digestOf('1.0');
    await registry.digestOf('1.0');
    expect(tokenCalls(server)).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 150));
    await registry.digestOf('1.0');
    expect(tokenCalls(server)).toHaveLength(2);
    // It was never told that a token is no good.
    expect(
      server.seen.filter(({ path, authorization }) => path !== '/token' && authorization === undefined),
    ).toHaveLength(1);
  });

  it('gives one for what an earlier log-in has given', async () => {
    const server = await withTokens();
    const { registry } = open(server.host, { credentials: async () => ({ identityToken: 'ident/ity' }) });
    await registry.putManifest('1.0', content, type);
    const [asked] = tokenCalls(server);
    expect(asked).toMatchObject({ method: 'POST', authorization: undefined });
    expect(Object.fromEntries(new URLSearchParams(asked?.body))).toEqual({
      grant_type: 'refresh_token',
      service: 'test, registry',
      client_id: 'nidify',
      scope: 'repository:team/shop:pull,push',
      refresh_token: 'ident/ity',
    });
  });

  it('gets the one that the user has, and none is asked for', async () => {
    const server = await withTokens({ isGood: (header) => header === 'Bearer own-token' });
    const { registry } = open(server.host, { credentials: async () => ({ registryToken: 'own-token' }) });
    expect(await registry.digestOf('1.0')).toBeNull();
    await registry.putManifest('1.0', content, type);
    expect(tokenCalls(server)).toEqual([]);
    // It is sent once the registry has asked, and with every request from then on.
    expect(server.seen.filter(({ authorization }) => authorization === undefined)).toHaveLength(1);
  });

  it('that does not take the one that the user has is not asked for ever, and does not get it shown', async () => {
    const server = await withTokens({ isGood: () => false });
    const { registry } = open(server.host, { credentials: async () => ({ registryToken: 'own-token' }) });
    const error = await failure(registry.putManifest('1.0', content, type));
    expect(error).toMatchObject({ code: 'not-authorized', exitCode: 6 });
    expect(`${error.message}${error.hint}`).not.toContain('own-token');
    expect(server.seen.length).toBeLessThan(6);
  });

  it('is asked once where several want one', async () => {
    const server = await withTokens();
    const { registry } = open(server.host, asUser);
    await registry.digestOf('1.0').catch(() => {});
    await Promise.all(Array.from({ length: 5 }, (_, number) => registry.hasBlob(sha256(String(number)))));
    expect(tokenCalls(server).map(({ query }) => query.get('scope'))).toEqual([
      'repository:team/shop:pull',
      'repository:team/shop:pull,push',
    ]);
  });

  it('that is busy giving them is asked again', async () => {
    const server = await withTokens({
      token: (_, count) => (count < 3 ? { status: 503 } : { status: 200, body: '{"token":"t3"}' }),
    });
    const { registry, retries } = open(server.host, asUser);
    await registry.putManifest('1.0', content, type);
    expect(retries()).toHaveLength(2);
  });

  it.each(['ftp://127.0.0.1/token', 'http://tokens.example/token', 'http://u:p@127.0.0.1/token', ''])(
    'does not get a password sent to %s',
    async (realm) => {
      const server = await withTokens({ challenge: () => `Bearer realm="${realm}"` });
      let isAsked = false;
      const credentials = async () => {
        isAsked = true;
        return user;
      };
      const error = await failure(open(server.host, { credentials }).registry.digestOf('1.0'));
      expect(error).toMatchObject({ code: 'response-refused', exitCode: 6 });
      expect(isAsked).toBe(false);
    },
  );

  it.each<[string, TokenOptions, string]>([
    ['the password is wrong', { token: () => ({ status: 401 }) }, 'not right'],
    ['the token is not enough', { isGood: () => false }, '401 Unauthorized'],
  ])('says that %s, and is asked once', async (_, options, words) => {
    const server = await withTokens(options);
    const { registry, retries } = open(server.host, asUser);
    const error = await failure(registry.putManifest('1.0', content, type));
    expect(error).toMatchObject({ code: 'not-authorized', exitCode: 6 });
    expect(error.message).toContain(words);
    expect(tokenCalls(server)).toHaveLength(1);
    expect(retries()).toEqual([]);
  });
});

describe('a registry with a password', () => {
  const challenge = { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } };

  it('gets it when it asks', async () => {
    const server = await ociServer({
      fault: ({ authorization }) => (authorization === basic ? null : challenge),
    });
    const { registry } = open(server.host, asUser);
    await registry.putManifest('1.0', content, type);
    await registry.digestOf('1.0');
    expect(server.seen.filter(({ authorization }) => authorization === undefined)).toHaveLength(1);
  });

  it('that does not take it is not asked for ever', async () => {
    const server = await ociServer({ fault: () => challenge });
    const error = await failure(open(server.host, asUser).registry.putManifest('1.0', content, type));
    expect(error).toMatchObject({ code: 'not-authorized' });
    expect(server.seen).toHaveLength(2);
  });

  it('does not get it shown when it says it again', async () => {
    const errors = [{ code: 'DENIED', message: `${basic} is builder:s3cret:pass, s3cret:pass` }];
    for (const status of [403, 400, 503]) {
      const server = await ociServer({
        fault: ({ authorization }) =>
          authorization === undefined ? challenge : { status, body: JSON.stringify({ errors }) },
      });
      const { registry, events } = open(server.host, asUser);
      const error = await failure(registry.putManifest('1.0', content, type));
      const told = `${error.message} ${error.hint} ${JSON.stringify(events)} ${String(error.cause)}`;
      expect(told).toContain('DENIED');
      expect(told).not.toContain('s3cret');
      expect(told).not.toContain(basic.slice('Basic '.length));
    }
  });
});
