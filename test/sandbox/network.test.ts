import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/sandbox/network.ts';
import { folderWith } from '../support/folder.ts';

describe('what --network says', () => {
  it('is nothing, all, or names', () => {
    expect(networkOf(undefined, {})).toEqual({ kind: 'none' });
    expect(networkOf(true, {})).toEqual({ kind: 'host' });
    expect(networkOf('npm, Files.Example.com,localhost:4873', {})).toEqual({
      kind: 'allowed',
      hosts: new Set(['registry.npmjs.org', 'registry.yarnpkg.com', 'files.example.com']),
      endpoints: new Set(['localhost:4873']),
      npmRegistry: null,
      pythonIndex: null,
    });
  });

  it.each([
    'nmp',
    'example',
    '-a.example.com',
    'a.example.com:0',
    'a.example.com:99999',
    'https://a.example.com',
    '',
  ])('is refused for %j', (word) => {
    expect(() => networkOf(word, {})).toThrow(/--network does not know/);
  });

  it('includes what npm, pip and uv are configured to use, without what is secret in it', () => {
    const env = {
      npm_config_registry: 'https://user:secret@npm.example.com/team/?token=secret',
      PIP_INDEX_URL: 'http://__token__:secret@pypi.example.com:8080/simple#secret',
    };
    const network = networkOf('npm,pypi', env);
    expect(network).toMatchObject({
      endpoints: new Set(['npm.example.com:443', 'pypi.example.com:8080']),
      npmRegistry: 'https://npm.example.com/team/',
      pythonIndex: 'http://pypi.example.com:8080/simple',
    });
    expect(networkOf('npm', env)).toMatchObject({ pythonIndex: null });
    expect(networkOf('pypi', { UV_DEFAULT_INDEX: 'https://uv.example.com/' })).toMatchObject({
      pythonIndex: 'https://uv.example.com/',
    });
    // The public ones are allowed by name already, at public addresses only.
    expect(networkOf('pypi', { PIP_INDEX_URL: 'https://pypi.org/simple' })).toMatchObject({
      endpoints: new Set(),
      pythonIndex: null,
    });
  });

  it('reads the registry of ~/.npmrc, never its token', () => {
    const HOME = folderWith({
      '.npmrc': '//npm.example.com/:_authToken=secret\nregistry = "https://npm.example.com/team/"\n',
    });
    expect(networkOf('npm', { HOME })).toMatchObject({ npmRegistry: 'https://npm.example.com/team/' });
    expect(networkOf('npm', { HOME: `${HOME}/none` })).toMatchObject({ npmRegistry: null });
  });
});
