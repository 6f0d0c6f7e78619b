import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { certificates } from '../support/certificates.ts';
import { folderWith } from '../support/folder.ts';
import { type Fault, ociServer, type Seen, sha256 } from '../support/oci-server.ts';
import { describeWith } from '../support/programs.ts';
import { freePort } from '../support/registry.ts';
import { failure, open, quick } from './support.ts';

const type = 'application/vnd.oci.image.manifest.v1+json';
const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: type, layers: [] }));

/** Does it to the first so many requests for a manifest. */
function first(count: number, fault: Fault) {
  let seen = 0;
  return ({ path }: Seen) => (path.includes('/manifests/') && ++seen <= count ? fault : null);
}

describe('a manifest', () => {
  it('has the name and the digest that it was given', async () => {
    const server = await ociServer();
    const { registry } = open(server.host);
    expect(await registry.putManifest('1.0', bytes, type)).toBe(sha256(bytes));
    expect(await registry.digestOf('1.0')).toBe(sha256(bytes));
    const found = { digest: sha256(bytes), mediaType: type, bytes };
    expect(await registry.manifest('1.0')).toEqual(found);
    expect(await registry.manifest(sha256(bytes))).toEqual(found);
  });

  it('that is not there is none', async () => {
    const { registry } = open((await ociServer()).host);
    expect(await registry.manifest('1.0')).toBeNull();
    expect(await registry.digestOf('1.0')).toBeNull();
    expect(await registry.hasBlob(sha256('x'))).toBe(false);
  });

  it('is not believed to have another digest than its content', async () => {
    const server = await ociServer({ digest: () => sha256('other') });
    const { registry, retries } = open(server.host);
    const refused = { code: 'response-refused', exitCode: 6 };
    expect(await failure(registry.putManifest('1.0', bytes, type))).toMatchObject(refused);
    expect(await failure(registry.manifest('1.0'))).toMatchObject(refused);
    expect(retries()).toEqual([]);
  });

  it('of a registry that says no digest is looked at', async () => {
    const server = await ociServer({ digest: () => null });
    const { registry } = open(server.host);
    expect(await registry.putManifest('1.0', bytes, type)).toBe(sha256(bytes));
    expect(await registry.digestOf('1.0')).toBe(sha256(bytes));
    // It keeps something else than what it got.
    server.manifests.set = () => server.manifests;
    expect((await failure(registry.putManifest('1.0', Buffer.from('{}'), type))).code).toBe(
      'response-refused',
    );
  });

  it('asked for by digest is that one', async () => {
    const server = await ociServer();
    const digest = sha256('asked');
    server.manifests.set(digest, { bytes, type });
    expect((await failure(open(server.host).registry.manifest(digest))).code).toBe('response-refused');
  });
});

describe('a blob that a registry does not see yet', () => {
  const fault = { status: 400, body: '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}' };

  it('is waited for', async () => {
    const { registry, retries } = open((await ociServer({ fault: first(2, fault) })).host);
    expect(await registry.putManifest('1.0', bytes, type)).toBe(sha256(bytes));
    expect(retries()).toHaveLength(2);
  });

  it('is missing after a while', async () => {
    const server = await ociServer({ fault: first(9, fault) });
    const { registry, retries } = open(server.host, { retry: { ...quick, attempts: 9 } });
    expect(await failure(registry.putManifest('1.0', bytes, type))).toMatchObject({
      code: 'push-failed',
      exitCode: 5,
      message: expect.stringContaining('MANIFEST_BLOB_UNKNOWN'),
    });
    expect(retries()).toHaveLength(3);
  });
});

describe('a small blob', () => {
  it('is checked, and no longer than allowed', async () => {
    const server = await ociServer();
    server.blobs.set(sha256('config'), Buffer.from('config')).set(sha256('x'), Buffer.from('y'));
    const { registry } = open(server.host);
    expect((await registry.blob(sha256('config'), 6)).toString()).toBe('config');
    for (const [digest, most] of [
      [sha256('config'), 5],
      [sha256('x'), 10],
    ] as const) {
      expect((await failure(registry.blob(digest, most))).code).toBe('response-refused');
    }
  });
});

describe('a registry', () => {
  const put = (host: string, options = {}) => {
    const { registry, retries } = open(host, options);
    return { retries, put: registry.putManifest('1.0', bytes, type) };
  };

  it('that is down is asked again, and named', async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const pushed = put(host);
    const error = await failure(pushed.put);
    expect(error).toMatchObject({ code: 'registry-unavailable', exitCode: 75 });
    expect(error.message).toContain(host);
    expect(pushed.retries()).toHaveLength(quick.attempts - 1);
  });

  it('that is slow is not waited for any longer than said', async () => {
    const server = await ociServer({ fault: first(9, 'hang') });
    const pushed = put(server.host, { timeoutMs: 100 });
    const error = await failure(pushed.put);
    expect(error).toMatchObject({ code: 'registry-unavailable', exitCode: 75 });
    expect(error.message).toContain('no answer in 0.1 s');
    expect(pushed.retries()).toHaveLength(quick.attempts - 1);
  });

  it.each<[string, Fault]>([
    ['fails', { status: 500 }],
    ['is overloaded', { status: 503 }],
    ['wants to be asked later', { status: 429 }],
    ['breaks the connection', { cut: 1 }],
    ['breaks the connection before its answer', { cutAnswer: true }],
  ])('that %s, and then does not, has what was sent', async (_, fault) => {
    const server = await ociServer({ fault: first(2, fault) });
    const pushed = put(server.host);
    expect(await pushed.put).toBe(sha256(bytes));
    expect(pushed.retries()).toHaveLength(2);
    expect(server.manifests.get('1.0')?.bytes.equals(bytes)).toBe(true);
  });

  it('that fails is asked after longer each time', async () => {
    const server = await ociServer({ fault: first(9, { status: 502 }) });
    const pushed = put(server.host, { retry: { attempts: 5, firstWaitMs: 20, longestWaitMs: 100 } });
    expect((await failure(pushed.put)).message).toContain('502 Bad Gateway');
    const waits = pushed.retries().map(({ waitMs }) => waitMs);
    expect(waits).toHaveLength(4);
    for (const [index, wait] of waits.entries()) {
      const most = Math.min(100, 20 * 2 ** index);
      expect(wait).toBeGreaterThanOrEqual(most / 2);
      expect(wait).toBeLessThanOrEqual(most);
    }
  });

  it('says how long it wants to be left alone', async () => {
    const server = await ociServer({ fault: first(1, { status: 429, headers: { 'retry-after': '1' } }) });
    const before = Date.now();
    const pushed = put(server.host);
    await pushed.put;
    expect(Date.now() - before).toBeGreaterThanOrEqual(990);
    expect(pushed.retries()).toMatchObject([{ attempt: 1, waitMs: 1000, why: '429 Too Many Requests' }]);
  });

  it('that wants to be left alone for longer than there is time is given up', async () => {
    const fault = { status: 503, headers: { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() } };
    const pushed = put((await ociServer({ fault: first(9, fault) })).host);
    expect(await failure(pushed.put)).toMatchObject({ code: 'registry-unavailable', exitCode: 75 });
    expect(pushed.retries()).toEqual([]);
  });

  it.each([
    [400, 'push-failed', 5],
    [401, 'not-authorized', 6],
    [403, 'not-authorized', 6],
    [404, 'push-failed', 5],
    [413, 'push-failed', 5],
  ])('that says %i means it', async (status, code, exitCode) => {
    const body = '{"errors":[{"code":"DENIED","message":"not \\u001b[31mfor you"}]}';
    const server = await ociServer({ fault: first(9, { status, body }) });
    const pushed = put(server.host);
    const error = await failure(pushed.put);
    expect(error).toMatchObject({ code, exitCode });
    if (status === 401) expect(error.hint).toContain(`docker login ${server.host}`);
    else expect(error.message).toContain('DENIED: not for you');
    expect(server.seen.filter(({ path }) => path.includes('/manifests/'))).toHaveLength(1);
    expect(pushed.retries()).toEqual([]);
  });

  it('does not lead elsewhere what is sent to it', async () => {
    const other = await ociServer();
    const fault = { status: 307, headers: { location: `http://${other.host}/` } };
    expect((await failure(put((await ociServer({ fault: first(1, fault) })).host).put)).code).toBe(
      'push-failed',
    );
    expect(other.seen).toEqual([]);
  });

  it('is left alone when it is told to', async () => {
    const abort = new AbortController();
    const server = await ociServer({ fault: first(9, { status: 500 }) });
    const pushed = put(server.host, {
      signal: abort.signal,
      retry: { firstWaitMs: 60_000 },
      onEvent: () => abort.abort(),
    });
    expect(await failure(pushed.put)).toMatchObject({ code: 'aborted', exitCode: 75 });
  });
});

describe('the name of a repository', () => {
  it.each(['user:s3cret@host.example/shop', 'https://user:s3cret@host.example/shop', 'https://host/shop'])(
    '%s is none, and shows no password',
    (name) => {
      const error = (() => {
        try {
          open(name);
          return null;
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toMatchObject({ code: 'usage', exitCode: 2 });
      expect(String(error)).not.toContain('s3cret');
    },
  );
});

describeWith('a registry with a certificate', ['openssl'], () => {
  const names = ['NIX_SSL_CERT_FILE', 'SSL_CERT_FILE'];

  function trusting(file: string | undefined): void {
    const before = names.map((name) => [name, process.env[name]] as const);
    const set = (name: string, value: string | undefined) => {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    };
    onTestFinished(() => {
      for (const [name, value] of before) set(name, value);
    });
    for (const name of names) set(name, file);
  }

  it('of an unknown authority is refused at once', async () => {
    trusting(undefined);
    const server = await ociServer({ tls: certificates() });
    const { registry, retries } = open(server.host);
    const error = await failure(registry.digestOf('1.0'));
    expect(error).toMatchObject({ code: 'certificate-refused', exitCode: 6 });
    expect(error.message).toContain(server.host);
    expect(error.hint).toContain('SSL_CERT_FILE');
    expect(retries()).toEqual([]);
    expect(server.seen).toEqual([]);
  });

  it("of the company's authority is verified", async () => {
    const made = certificates();
    trusting(made.authority);
    expect(await open((await ociServer({ tls: made })).host).registry.digestOf('1.0')).toBeNull();
  });

  it('of an authority that counts for it alone is verified', async () => {
    const made = certificates();
    trusting(undefined);
    const server = await ociServer({ tls: made });
    const before = process.env.HOME;
    onTestFinished(() => {
      process.env.HOME = before;
    });
    for (const [host, code] of [
      [server.host, undefined],
      ['127.0.0.1:1', 'certificate-refused'],
    ]) {
      process.env.HOME = folderWith({
        [`.docker/certs.d/${host}/ca.crt`]: readFileSync(made.authority),
        [`.docker/certs.d/${host}/README`]: 'no certificate',
      });
      const asked = open(server.host).registry.digestOf('1.0');
      expect(await asked.catch((error) => error.code)).toBe(code ?? null);
    }
  });

  it('for another name is refused', async () => {
    const made = certificates('DNS:registry.example');
    trusting(made.authority);
    const { host } = await ociServer({ tls: made });
    expect(await failure(open(host).registry.digestOf('1.0'))).toMatchObject({ code: 'certificate-refused' });
  });

  it('of anyone is taken with the flag', async () => {
    trusting(undefined);
    const server = await ociServer({ tls: certificates() });
    expect(await open(server.host, { insecure: true }).registry.digestOf('1.0')).toBeNull();
  });

  it('does not lead to where there is none', async () => {
    const made = certificates();
    trusting(made.authority);
    const plain = await ociServer();
    const headers = { location: `http://${plain.host}/v2/x/manifests/1.0` };
    const server = await ociServer({ tls: made, fault: first(1, { status: 307, headers }) });
    expect((await failure(open(server.host).registry.manifest('1.0'))).code).toBe('response-refused');
    expect(plain.seen).toEqual([]);
  });
});
