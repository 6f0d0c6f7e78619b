import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDisabled, parseConfig } from '../../src/config/read.ts';
import { NidifyError } from '../../src/errors.ts';

function failureOf(text: string): NidifyError {
  try {
    parseConfig(text);
  } catch (error) {
    if (error instanceof NidifyError) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('nidify.jsonc', () => {
  test('is JSON with comments and trailing commas', () => {
    const text = `{
      // the one that production runs
      "$schema": "https://example.com/schema.json",
      "versions": { "node": "22", /* and */ "python": "3.12" },
      "packages": { "add": ["jq", "libpq.pg_config"] },
      "env": { "TZ": "UTC" },
    }`;
    expect(parseConfig(text)).toMatchObject({
      versions: { node: '22', python: '3.12' },
      packages: { add: ['jq', 'libpq.pg_config'] },
      env: { TZ: 'UTC' },
    });
  });

  test.each(['stdenv', 'clangStdenv', 'gcc14Stdenv', 'llvmPackages_18.stdenv'])(
    'takes the compiler %s',
    (compiler) => {
      expect(parseConfig(JSON.stringify({ compiler }))).toEqual({ compiler });
    },
  );

  test.each(['22', 'v22.12.0', 'pypy3.11', 'lts/*', 'lts/jod', 'rustup', '1.24rc1'])(
    'takes the version %s',
    (node) => {
      expect(parseConfig(JSON.stringify({ versions: { node } }))).toEqual({ versions: { node } });
    },
  );

  test.each(['', '  \n', '{}', '// nothing yet\n{\n}\n'])('may say nothing: %j', (text) => {
    expect(parseConfig(text)).toEqual({});
  });
});

describe('a mistake is told with its line, what is allowed and what is near', () => {
  test.each([
    [
      'an unknown key',
      '{\n  "verions": {}\n}',
      'nidify.jsonc:2: "verions" is no setting',
      'Did you mean "versions"?',
    ],
    [
      'an unknown key below',
      '{\n  "packages": {\n    "added": []\n  }\n}',
      'nidify.jsonc:3: "packages.added" is no setting',
      'Did you mean "add"?',
    ],
    [
      'an unknown key that resembles none',
      '{\n  "packages": { "zzzzzzzz": [] }\n}',
      'nidify.jsonc:2: "packages.zzzzzzzz" is no setting',
      'Allowed here: "add", "remove".',
    ],
    [
      'a limit that is none',
      '{\n  "limits": { "fileBytes": 9007199254740991 }\n}',
      'nidify.jsonc:2: "limits.fileBytes" must be at most 4194304, not 9007199254740991',
      '`nidify schema config` prints everything that is allowed.',
    ],
    [
      'a value that is none of the allowed',
      '{\n  "target": "contaner"\n}',
      'nidify.jsonc:2: "target" must be one of "auto", "nix", "container", not "contaner"',
      'Did you mean "container"?',
    ],
    [
      'a system that is none',
      '{\n  "systems": [\n    "x86_64-linux",\n    "x86-linux"\n  ]\n}',
      'nidify.jsonc:4: "systems.1" must be one of "x86_64-linux", "aarch64-linux", "aarch64-darwin", "x86_64-darwin", not "x86-linux"',
      'Did you mean "x86_64-linux"?',
    ],
    [
      'a number where a string belongs',
      '{\n  "versions": {\n    "node": 22\n  }\n}',
      'nidify.jsonc:3: "versions.node" must be a string, not 22',
      'nidify schema config',
    ],
    ['an empty list', '{ "systems": [] }', 'nidify.jsonc:1: "systems" must not be empty', 'schema'],
    [
      'Nix where an attribute belongs',
      '{ "packages": { "add": ["jq; evil"] } }',
      'nidify.jsonc:1: "packages.add.0" must be an attribute path such as "jq" or "libpq.pg_config", not "jq; evil"',
      'schema',
    ],
    [
      'a variable that a shell cannot set',
      '{\n  "env": {\n    "A-B": "1"\n  }\n}',
      'nidify.jsonc:3: "A-B": not a name that a shell can set',
      'schema',
    ],
    [
      'a range where a version belongs',
      '{ "versions": { "node": "^22.1" } }',
      'nidify.jsonc:1: "versions.node" must be a version or its beginning, such as "22" or "3.12", not "^22.1"',
      'schema',
    ],
    [
      'a compiler where a standard environment belongs',
      '{ "compiler": "gcc14" }',
      'nidify.jsonc:1: "compiler" must be a standard environment such as "gcc14Stdenv" or "llvmPackages_18.stdenv", not "gcc14"',
      'schema',
    ],
    ['a list instead of an object', '[]', 'nidify.jsonc:1: the file must be an object, not a list', 'schema'],
    [
      'no JSON at all',
      '{\n  "a": 1\n  "b": 2\n}',
      'nidify.jsonc:3: not valid JSON: comma expected',
      'schema',
    ],
  ])('%s', (_, text, message, hint) => {
    const error = failureOf(text);
    expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
    expect(error.message).toBe(message);
    expect(error.hint).toContain(hint);
  });

  test('several mistakes are told at once', () => {
    expect(failureOf('{\n  "target": 1,\n  "disable": 2\n}').message.split('\n')).toHaveLength(2);
  });
});

test('what is no ecosystem cannot be disabled', () => {
  expect(() => checkDisabled(['python'], ['node', 'python'])).not.toThrow();
  expect(() => checkDisabled(undefined, [])).not.toThrow();
  expect(() => checkDisabled(['pyton'], ['node', 'python'])).toThrow(
    expect.objectContaining({
      code: 'config-invalid',
      exitCode: 2,
      message: 'nidify.jsonc: "disable": "pyton" is no ecosystem that nidify knows',
      hint: 'Did you mean "python"?',
    }),
  );
});

test('whatever the text, the answer is a configuration or one error of the family', () => {
  const keys = fc.constantFrom(
    'channel',
    'systems',
    'versions',
    'packages',
    'env',
    'limits',
    '__proto__',
    'x',
  );
  const values = fc.oneof(
    fc.json(),
    fc.dictionary(keys, fc.jsonValue()).map((value) => JSON.stringify(value)),
  );
  fc.assert(
    fc.property(values, (text) => {
      try {
        parseConfig(text);
      } catch (error) {
        if (!(error instanceof NidifyError)) throw error;
      }
    }),
  );
});
