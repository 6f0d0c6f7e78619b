import { describe, expect, test } from 'vitest';
import { isSafeVariableName, reservedVariableNames } from '../../src/text/variable-name.ts';

describe('a variable of the environment', () => {
  test.each([
    'DATABASE_URL',
    'UV_PYTHON',
    'npm_config_nodedir',
    'NIX_CFLAGS_COMPILE',
    'LANG',
    'LOCALE_ARCHIVE',
    'GOFLAGS',
    'JAVA_HOME',
    'http_proxy',
    '_JAVA_OPTIONS',
    'MyVariable',
  ])('may be called %s', (name) => {
    expect(isSafeVariableName(name)).toBe(true);
  });

  test.each([
    // arguments of mkShell and mkDerivation, as far as Nix reads them: a string there breaks the shell
    ...['args', 'outputs', 'buildInputs', 'stdenv', 'passthru', 'env', 'meta', 'inputsFrom', 'packages'],
    ...['shellHook', 'phases', 'buildPhase', 'passAsFile', 'pname', 'hardeningDisable', 'initialPath'],
    ...['__structuredAttrs', '__json', '__impureHostDeps'],
    // lost or overwritten on the way into the shell
    ...['name', 'system', 'builder', 'out', 'PATH', 'HOME', 'TMPDIR', 'NIX_BUILD_TOP', 'SHELL', 'PS1', 'IFS'],
    ...['TERM', 'BASH_ENV', 'shell', 'UID', 'EUID', 'PPID', 'SHELLOPTS', 'FUNCNAME', '_', 'SSL_CERT_FILE'],
    // what the dynamic loader obeys
    ...['LD_PRELOAD', 'LD_LIBRARY_PATH', 'DYLD_INSERT_LIBRARIES'],
    // no identifiers of the shell
    ...['MY-VAR', '1ABC', 'A B', '', 'A=B', 'é', 'A\n', `x\${y}`, '__proto__', 'constructor'],
  ])('may not be called %j', (name) => {
    expect(isSafeVariableName(name)).toBe(false);
  });

  test('has its reserved names listed for the planner', () => {
    expect(reservedVariableNames.has('PATH')).toBe(true);
    for (const name of reservedVariableNames) expect(isSafeVariableName(name)).toBe(false);
  });
});
