/** A mirror of nixpkgs, a company's certificates and its proxy: servers of this machine, with credentials. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { statementOf } from '../../src/build/attestation.ts';
import { build } from '../../src/build/build.ts';
import { fetchInputs } from '../../src/build/inputs.ts';
import { defaultNixSettings, type NixSettings } from '../../src/build/nix.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { describeNix, type NixVersion, nix, nixEnvironment, prepareChannel } from './harness.ts';
import { failure, scripted } from './scripted.ts';
import { standInCatalogue } from './stand-in-catalogue.ts';

const user = 'ci-user';
const secret = 'pa"s#word-of-nobody';
const credentials = `${user}:${encodeURIComponent(secret)}`;
const basic = `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

describeNix('nixpkgs from a mirror', (nixes) => {
  const storage = mkdtempSync(path.join(tmpdir(), 'nidify-mirror-'));
  const before = { ...process.env };
  const servers: Server[] = [];
  const asked: string[] = [];
  let plan: Plan;
  let archive: Buffer;
  let other: Buffer;
  let plain: string;
  let secure: string;
  let proxy: string;
  let count = 0;

  beforeAll(async () => {
    writeFileSync(path.join(storage, 'package.json'), '{ "name": "shop", "engines": { "node": "22" } }');
    plan = await analyze(storage, { catalogue: await standInCatalogue() });
    for (const input of plan.nixpkgs) input.minimumNix = '2.4';
    const { storePath } = await prepareChannel();
    archive = await archiveOf(storePath);
    mkdirSync(path.join(storage, 'other'));
    writeFileSync(path.join(storage, 'other/default.nix'), '{ }');
    other = await archiveOf(path.join(storage, 'other'));
    const at = (name: string) => path.join(storage, name);
    await execa('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=company'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', at('key.pem'), '-out', at('company.pem')],
    ]);
    plain = await listening(createServer(answer), 'http');
    const identity = { key: readFileSync(at('key.pem')), cert: readFileSync(at('company.pem')) };
    secure = await listening(createSecureServer(identity, answer), 'https');
    proxy = await listening(createServer(forward).on('connect', tunnel), 'http');
  });
  afterEach(() => {
    process.env = { ...before };
    asked.length = 0;
  });
  afterAll(() => {
    for (const server of servers) server.close();
    rmSync(storage, { recursive: true, force: true });
  });

  async function archiveOf(folder: string): Promise<Buffer> {
    const { stdout } = await execa('tar', ['-C', path.dirname(folder), '-cz', path.basename(folder)], {
      encoding: 'buffer',
    });
    return Buffer.from(stdout);
  }

  async function listening(server: Server, scheme: string): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `${scheme}://127.0.0.1:${address.port}`;
  }

  /** `/open` asks for nothing, `/closed` for the credentials, `/wrong` has another tree. */
  function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    asked.push(url);
    if (url.startsWith('/closed/') && headers.authorization !== basic) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="mirror"' }).end();
      return;
    }
    response.end(url.startsWith('/wrong/') ? other : archive);
  }

  const mayPass = (message: IncomingMessage) => message.headers['proxy-authorization'] === basic;
  const refusal = { 'proxy-authenticate': 'Basic realm="proxy"' };

  /** Whatever host is asked for, it is the plain server: names of the company that only the proxy knows. */
  function forward(message: IncomingMessage, response: ServerResponse): void {
    if (!mayPass(message)) {
      response.writeHead(407, refusal).end();
      return;
    }
    const target = new URL(message.url ?? '', plain);
    asked.push(`proxy ${target.host}`);
    request(`${plain}${target.pathname}`, (reply) => reply.pipe(response)).end();
  }

  function tunnel(message: IncomingMessage, socket: Socket): void {
    if (!mayPass(message)) {
      socket.end('HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="proxy"\r\n\r\n');
      return;
    }
    asked.push(`tunnel ${message.url}`);
    const { port } = new URL(secure);
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const each of [onward, socket]) each.on('error', () => each.destroy());
  }

  /** Nix with nothing in its store and its caches, whose words on the command line are kept. */
  async function use(version: NixVersion, env: Record<string, string> = {}) {
    const home = path.join(storage, `home-${count++}`);
    const words = path.join(home, 'words');
    mkdirSync(home);
    const wrapped = path.join(home, 'bin');
    mkdirSync(wrapped);
    const real = path.join(version.bin, 'nix');
    writeFileSync(
      path.join(wrapped, 'nix'),
      `#!/bin/sh\nprintf '%s\\n' "$@" >> ${words}\nexec ${real} "$@"\n`,
    );
    chmodSync(path.join(wrapped, 'nix'), 0o755);
    const closed = await nixEnvironment(version, { 'download-attempts': '1' });
    process.env = {
      ...closed,
      PATH: `${wrapped}:${closed.PATH}`,
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_STATE_HOME: path.join(home, 'state'),
      ...env,
    };
    const settings: NixSettings = {
      ...defaultNixSettings,
      timeoutMs: 120_000,
      store: path.join(home, 'store'),
    };
    return { home, words, settings };
  }

  async function fetched(
    version: NixVersion,
    mirror: string,
    env: Record<string, string> = {},
  ): Promise<void> {
    const { settings } = await use(version, env);
    const cwd = mkdtempSync(path.join(storage, 'work-'));
    return fetchInputs(plan, mirror, settings, cwd);
  }

  for (const version of nixes) {
    describe(`with Nix ${version.version}`, () => {
      test('that asks for a password: it gets it, and nobody else does', async () => {
        const { home, words, settings } = await use(version);
        const { storePath: source } = await prepareChannel();
        const programs = await nix(version, [
          ...['eval', '--impure', '--json', '--expr'],
          `with import ${source} { }; [ "\${bash}" "\${coreutils}" ]`,
        ]);
        const paths = JSON.parse(programs.stdout) as string[];
        const copied = await nix(version, [
          'copy',
          '--no-check-sigs',
          '--to',
          settings.store ?? '',
          ...paths,
        ]);
        expect(copied.exitCode, copied.stderr).toBe(0);
        const told: unknown[] = [];
        const built = await build(plan, {
          repository: storage,
          files: scripted('echo > $out'),
          environment: 'default',
          settings,
          mirror: `${plain.replace('//', `//${credentials}@`)}/closed`,
          onStatus: (text) => told.push(text),
          onPreview: (preview) => told.push(preview),
        });
        const [input] = plan.nixpkgs;
        expect(asked).toContain(`/closed/${input?.rev}.tar.gz`);
        const everything = JSON.stringify([built, statementOf(built, plan), told]);
        for (const hidden of [secret, encodeURIComponent(secret), basic, user]) {
          expect(everything).not.toContain(hidden);
          expect(readFileSync(words, 'utf8')).not.toContain(hidden);
          // The store with its logs, the caches and what nidify remembers
          const { stdout } = await execa('grep', ['-rlaF', hidden, home], { reject: false });
          expect(stdout).toBe('');
        }
      });

      test('that refuses the password is told without it', async () => {
        const mirror = `${plain.replace('//', '//ci-user:not-this-one@')}/closed`;
        const error = await failure(fetched(version, mirror));
        expect(error).toMatchObject({ code: 'network-unavailable', exitCode: 75 });
        expect(error.message).toContain('401');
        expect(JSON.stringify([error.message, error.hint])).not.toMatch(/not-this-one|ci-user/);
      });

      test('that has another tree is not believed', async () => {
        const error = await failure(fetched(version, `${plain}/wrong`));
        expect(error).toMatchObject({ code: 'hash-mismatch', exitCode: 5 });
        expect(error.hint).toMatch(/\/wrong\/[0-9a-f]{40}\.tar\.gz.*NIDIFY_TARBALL_URL/s);
      });

      test('with the certificate of a company: trusted where that is named, refused elsewhere', async () => {
        const company = { NIX_SSL_CERT_FILE: path.join(storage, 'company.pem') };
        await fetched(version, `${secure}/open`, company);
        expect(asked).toHaveLength(plan.nixpkgs.length);
        const error = await failure(fetched(version, `${secure}/open`));
        expect(error).toMatchObject({ code: 'certificate-untrusted', exitCode: 6 });
        expect(error.hint).toContain('NIX_SSL_CERT_FILE');
      });

      test('through a proxy with a password, which appears nowhere', async () => {
        const env = { http_proxy: proxy.replace('//', `//${credentials}@`) };
        await fetched(version, 'http://mirror.company.invalid/open', env);
        expect(asked).toContain('proxy mirror.company.invalid');
        const wrong = { http_proxy: proxy.replace('//', '//ci-user:not-this-one@') };
        const error = await failure(fetched(version, 'http://mirror.company.invalid/open', wrong));
        expect(error).toMatchObject({ code: 'network-unavailable', exitCode: 75 });
        expect(JSON.stringify([error.message, error.hint])).not.toContain('not-this-one');
      });

      test('through a proxy that cannot look inside', async () => {
        const env = {
          https_proxy: proxy.replace('//', `//${credentials}@`),
          NIX_SSL_CERT_FILE: path.join(storage, 'company.pem'),
        };
        await fetched(version, `${secure}/open`, env);
        expect(asked).toContain(`tunnel ${new URL(secure).host}`);
      });
    });
  }
});
