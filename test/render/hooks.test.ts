import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hookIds, libraryPathHook, shellHook } from '../../src/render/hooks.ts';

/** The lines as the shell gets them: what Nix makes of a `''…''` string whose packages are in /packages. */
function script(fragment: { lines: { toString(): string } }): string {
  return `${fragment.lines}`
    .replace(/(?<!'')\$\{pkgs\.(\w+)\}/g, '/packages/$1')
    .replace(/(?<!'')\$\{libraryPath\}/g, '/packages/a/lib:/packages/b/lib')
    .replaceAll("''${", '${');
}

/** Where `env` is: a sandbox has no /usr/bin. */
const path = process.env.PATH ?? '/usr/bin:/bin';

const hook = (id: string) => script(shellHook(id, 'pkgs'));

/** Runs a hook as often as asked in a strict POSIX shell; gives what it printed and the variables after it. */
function run(code: string, env: Record<string, string> = {}, times = 1) {
  const all = `${`${code}\n`.repeat(times)}printf '\\036'; env -0`;
  const output = execFileSync('/bin/sh', ['-euc', all], {
    encoding: 'utf8',
    env: { PATH: path, ...env },
    cwd: import.meta.dirname,
  });
  const [printed = '', variables = ''] = output.split('\u001e');
  const entries = variables.split('\0').filter((entry) => entry.includes('='));
  return {
    printed,
    variables: Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    ),
  };
}

const all = hookIds.map((id) => ({ id, code: hook(id) }));

describe.each([...all, { id: 'library-path', code: script(libraryPathHook()) }])(
  'the hook "$id"',
  ({ code }) => {
    test('is clean POSIX shell, silent, and may run twice', () => {
      execFileSync('/bin/sh', ['-n', '-c', code]);
      const once = run(code);
      expect(once.printed).toBe('');
      if (!code.includes('LD_LIBRARY_PATH=')) expect(run(code, {}, 2)).toEqual(once);
    });

    test('says what it is for and leaves SHELL alone', () => {
      expect(code).toMatch(/^# [A-Z].*\.\n/);
      expect(code).not.toMatch(/\bSHELL\b/);
    });
  },
);

describe('certificates', () => {
  const machine = ['certs/ca-certificates.crt', '../pki/tls/certs/ca-bundle.crt', 'ca-bundle.pem']
    .map((name) => join('/etc/ssl', name))
    .find((name) => existsSync(name));
  const bundle = machine ?? '/packages/cacert/etc/ssl/certs/ca-bundle.crt';
  const none = '/no-cert-file.crt';

  test.each<[Record<string, string>, string, string]>([
    [{}, bundle, bundle],
    [{ SSL_CERT_FILE: none, NIX_SSL_CERT_FILE: none }, bundle, bundle],
    [{ SSL_CERT_FILE: '' }, bundle, bundle],
    [{ SSL_CERT_FILE: '/company.pem', NIX_SSL_CERT_FILE: none }, '/company.pem', '/company.pem'],
    [{ SSL_CERT_FILE: none, NIX_SSL_CERT_FILE: '/company.pem' }, '/company.pem', '/company.pem'],
    [{ SSL_CERT_FILE: '/a b.pem', NIX_SSL_CERT_FILE: '/c.pem' }, '/a b.pem', '/c.pem'],
  ])('with %j are %s', (env, SSL_CERT_FILE, NIX_SSL_CERT_FILE) => {
    expect(run(hook('ca-bundle'), env).variables).toMatchObject({ SSL_CERT_FILE, NIX_SSL_CERT_FILE });
  });
});

test('the temporary folder of the shell is forgotten', () => {
  const { variables } = run(hook('unset-tmpdir'), { TMPDIR: '/gone', TEMP: '/gone', NIX_BUILD_TOP: '/gone' });
  expect(variables).not.toHaveProperty('TMPDIR');
  expect(Object.values(variables)).not.toContain('/gone');
});

test('what a repository brings along stands behind every other program', () => {
  const { variables } = run(hook('node-modules-bin'), {}, 2);
  expect(variables.PATH).toBe(`${path}:${import.meta.dirname}/node_modules/.bin`);
});

test('Mix and Hex write into the project only where there is no home', () => {
  const home = { MIX_HOME: `${import.meta.dirname}/.nix-mix`, HEX_HOME: `${import.meta.dirname}/.nix-hex` };
  expect(run(hook('mix-home')).variables).toMatchObject(home);
  expect(run(hook('mix-home'), { HOME: '/homeless-shelter' }).variables).toMatchObject(home);
  expect(run(hook('mix-home'), { HOME: '/tmp' }).variables).not.toHaveProperty('MIX_HOME');
  expect(run(hook('mix-home'), { MIX_HOME: '/mine' }).variables).toMatchObject({
    ...home,
    MIX_HOME: '/mine',
  });
});

test('a locale that there is stays', () => {
  expect(run(hook('utf8-locale')).variables.LANG).toBe('C.UTF-8');
  expect(run(hook('utf8-locale'), { LANG: 'de_DE.UTF-8' }).variables.LANG).toBe('de_DE.UTF-8');
  expect(run(hook('utf8-locale'), { LC_ALL: 'C' }).variables).not.toHaveProperty('LANG');
});

test('libraries come before those of the caller, and no empty entry means the current folder', () => {
  const code = script(libraryPathHook());
  expect(run(code).variables.LD_LIBRARY_PATH).toBe('/packages/a/lib:/packages/b/lib');
  expect(run(code, { LD_LIBRARY_PATH: '/mine' }).variables.LD_LIBRARY_PATH).toBe(
    '/packages/a/lib:/packages/b/lib:/mine',
  );
});

test('schemas come before the data folders that there are, or that there are without any named', () => {
  const schemas = { GSETTINGS_SCHEMAS_PATH: '/gtk:/desktop' };
  const folders = (env: Record<string, string>) =>
    run(hook('gsettings-schemas'), env, 2).variables.XDG_DATA_DIRS;
  expect(folders(schemas)).toBe('/gtk:/desktop:/usr/local/share:/usr/share');
  expect(folders({ ...schemas, XDG_DATA_DIRS: '/mine' })).toBe('/gtk:/desktop:/mine');
  expect(folders({ XDG_DATA_DIRS: '/mine' })).toBe('/mine');
});

test('every hook is described', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/generated-files.md'), 'utf8');
  for (const id of hookIds) expect(page).toMatch(new RegExp(`^\\|[^|]*\`${id}\`[^|]*\\|`, 'm'));
});

test('an unknown hook is a mistake of the plan', () => {
  for (const id of ['nothing', 'constructor']) {
    expect(() => shellHook(id, 'pkgs')).toThrow(expect.objectContaining({ code: 'plan-inconsistent' }));
  }
});
