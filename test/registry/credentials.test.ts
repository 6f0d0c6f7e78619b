import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { userCredentials } from '../../src/registry/credentials.ts';
import { folderWith } from '../support/folder.ts';
import { ociServer } from '../support/oci-server.ts';
import { failure, open } from './support.ts';

const auth = (username: string, password = 'pass') => ({
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});
const before = process.env.PATH;
afterEach(() => {
  process.env.PATH = before;
});

/** A home with docker's file. */
function home(config: unknown, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { HOME: folderWith({ '.docker/config.json': JSON.stringify(config), ...more }) };
}

/** The user that is found for a repository there. */
async function userOf(environment: NodeJS.ProcessEnv, host: string, repository = 'team/shop') {
  const found = await userCredentials({ environment })(host, repository);
  return found !== null && 'username' in found ? found.username : found;
}

/** `docker-credential-<name>` that runs this with what it is asked for in $server, and notes it. */
function helper(name: string, script: string): string {
  const program = `docker-credential-${name}`;
  const text = `#!/bin/sh\nread -r server\necho "$1 $server" >> "$(dirname "$0")/asked"\n${script}\n`;
  const folder = folderWith({ [program]: text, asked: '' });
  chmodSync(path.join(folder, program), 0o755);
  process.env.PATH = `${folder}:${before}`;
  return path.join(folder, 'asked');
}

const printed = (username: string, secret: string) =>
  `echo '${JSON.stringify({ ServerURL: 'x', Username: username, Secret: secret })}'`;

describe("docker's file", () => {
  it('has a user and a password, with colons if need be', async () => {
    const environment = home({ auths: { 'registry.example': auth('builder', 'a:b') } });
    expect(await userCredentials({ environment })('registry.example', 'x')).toEqual({
      username: 'builder',
      password: 'a:b',
    });
    expect(await userOf(environment, 'other.example')).toBeNull();
    expect(await userOf(environment, 'registry.example:5000')).toBeNull();
  });

  it.each([
    ['https://registry.example', 'registry.example'],
    ['https://registry.example/v1/', 'registry.example'],
    ['http://registry.example:5000/v2/', 'registry.example:5000'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['[::1]:5000', '[::1]:5000'],
  ])('%s is a name of %s', async (key, host) => {
    expect(await userOf(home({ auths: { [key]: auth('builder') } }), host)).toBe('builder');
  });

  it('knows who is who below a registry: the nearest counts', async () => {
    const auths = {
      'registry.example/team/shop': auth('shop'),
      'registry.example/team': auth('team'),
      'registry.example': auth('all'),
    };
    const environment = home({ auths });
    expect(await userOf(environment, 'registry.example', 'team/shop')).toBe('shop');
    expect(await userOf(environment, 'registry.example', 'team/shop/web')).toBe('shop');
    expect(await userOf(environment, 'registry.example', 'team/shopping')).toBe('team');
    expect(await userOf(environment, 'registry.example', 'others')).toBe('all');
  });

  it('has what an earlier log-in gave', async () => {
    const environment = home({ auths: { 'registry.example': { ...auth('x'), identitytoken: 'abc' } } });
    expect(await userCredentials({ environment })('registry.example', 'x')).toEqual({ identityToken: 'abc' });
  });

  it('has a token of the registry itself, which counts before all else', async () => {
    const entry = { ...auth('x'), identitytoken: 'abc', registrytoken: 'ey.to-ken' };
    const find = (value: object) =>
      userCredentials({ environment: home({ auths: { 'registry.example': value } }) })(
        'registry.example',
        'x',
      );
    expect(await find(entry)).toEqual({ registryToken: 'ey.to-ken' });
    // What cannot stand in a header is none.
    expect(await find({ ...entry, registrytoken: 'a\r\nx: b' })).toEqual({ identityToken: 'abc' });
    expect(await find({ ...entry, registrytoken: '' })).toEqual({ identityToken: 'abc' });
  });

  it.each([
    {},
    { auths: null },
    { auths: { 'registry.example': {} } },
    { auths: { 'registry.example': { auth: 'bm9jb2xvbg==' } } },
    [],
  ])('%j knows nobody', async (config) => {
    expect(await userOf(home(config), 'registry.example')).toBeNull();
  });

  it('that is broken is named, without what stands in it', async () => {
    const environment = { HOME: folderWith({ '.docker/config.json': '{"auths": s3cret' }) };
    const error = await failure(userCredentials({ environment })('registry.example', 'x'));
    expect(error).toMatchObject({ code: 'credentials-unreadable', exitCode: 2 });
    expect(error.message).toContain('.docker/config.json');
    expect(`${error.message}${error.cause}`).not.toContain('s3cret');
  });
});

describe('of several files', () => {
  const files = (name: string) => JSON.stringify({ auths: { 'registry.example': auth(name) } });

  it('the first that knows the registry counts', async () => {
    const HOME = folderWith({
      '.docker/config.json': files('docker'),
      'named/config.json': files('named'),
      'run/containers/auth.json': files('run'),
      '.config/containers/auth.json': files('config'),
      'empty/config.json': '{}',
      'file.json': files('file'),
    });
    const inHome = (name: string) => path.join(HOME, name);
    const XDG_RUNTIME_DIR = inHome('run');
    const user = (more: NodeJS.ProcessEnv) => userOf({ HOME, ...more }, 'registry.example');
    expect(await user({ XDG_RUNTIME_DIR })).toBe('docker');
    expect(await user({ DOCKER_CONFIG: inHome('named') })).toBe('named');
    expect(await user({ DOCKER_CONFIG: inHome('empty'), XDG_RUNTIME_DIR })).toBe('run');
    expect(await user({ DOCKER_CONFIG: inHome('empty') })).toBe('config');
    expect(await user({ REGISTRY_AUTH_FILE: inHome('file.json'), XDG_RUNTIME_DIR })).toBe('file');
    expect(await user({ REGISTRY_AUTH_FILE: inHome('missing.json') })).toBeNull();
  });
});

describe('a credential helper', () => {
  it('is asked for its registry, before the file', async () => {
    const asked = helper('test', printed('helped', 's3cret'));
    const config = {
      auths: { 'registry.example': auth('file') },
      credHelpers: { 'registry.example': 'test', 'docker.io': 'test' },
    };
    expect(await userCredentials({ environment: home(config) })('registry.example', 'x')).toEqual({
      username: 'helped',
      password: 's3cret',
    });
    expect(await userOf(home(config), 'docker.io')).toBe('helped');
    expect(readFileSync(asked, 'utf8')).toBe('get registry.example\nget https://index.docker.io/v1/\n');
  });

  it('is the store of all others', async () => {
    helper('test', printed('<token>', 'ident'));
    const config = { auths: { 'registry.example': {} }, credsStore: 'test' };
    expect(await userCredentials({ environment: home(config) })('registry.example', 'x')).toEqual({
      identityToken: 'ident',
    });
  });

  it('may know nobody', async () => {
    helper('test', 'echo credentials not found in native keychain; exit 1');
    expect(await userOf(home({ credsStore: 'test' }), 'registry.example')).toBeNull();
  });

  it.each([
    ['fails', 'echo s3cret; echo s3cret >&2; exit 3', 'exit code 3'],
    ['prints something else', 'echo s3cret', 'no log-in'],
  ])('that %s is named, without what it prints', async (_, script, words) => {
    helper('test', script);
    const environment = home({ credsStore: 'test' });
    const error = await failure(userCredentials({ environment })('registry.example', 'x'));
    expect(error).toMatchObject({ code: 'credential-helper-failed', exitCode: 6 });
    expect(error.message).toContain('docker-credential-test');
    expect(error.message).toContain(words);
    expect(`${error.message}${error.hint}${error.cause}`).not.toContain('s3cret');
  });

  it('that is not there is named', async () => {
    const environment = home({ credsStore: 'not-there' });
    expect(await failure(userCredentials({ environment })('registry.example', 'x'))).toMatchObject({
      code: 'tool-missing',
      exitCode: 4,
      message: expect.stringContaining('docker-credential-not-there'),
    });
  });

  it.each(['../../bin/sh', 'a b', '-x'])('%s is no name of one', async (name) => {
    const environment = home({ credsStore: name });
    expect((await failure(userCredentials({ environment })('registry.example', 'x'))).code).toBe(
      'credential-helper-failed',
    );
  });

  it('is not asked by a registry that lets everybody look', async () => {
    const asked = helper('test', printed('helped', 's3cret'));
    const environment = home({ credsStore: 'test' });
    const { registry } = open((await ociServer()).host, { credentials: userCredentials({ environment }) });
    expect(await registry.digestOf('1.0')).toBeNull();
    expect(readFileSync(asked, 'utf8')).toBe('');
  });
});
