/** What a repository says of its environment: devbox (jetify.com/docs/devbox), devenv.sh, Nix, Homebrew's bundle. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const manifest = '{"name":"shop"}';

describe('devbox.json', () => {
  it('gives versions of languages, and tools', async () => {
    const found = await understood({
      'devbox.json':
        '{\n  // for everybody\n  "packages": ["nodejs@22", "python@latest", "jq@latest", "ripgrep"],\n  "env": { "FOO": "bar", "HERE": "$PWD/x" },\n}\n',
    });
    expect(found.toolchains).toEqual(['node-22 compatible', expect.stringMatching(/^python-3\.\d+ /)]);
    expect(found.tools.sort()).toEqual(['jq', 'ripgrep']);
    const variables = found.plan.environments[0]?.variables.map(({ name }) => name);
    expect(variables).toContain('FOO');
    expect(variables).not.toContain('HERE');
    expect(found.plan.toolchains[0]?.because[0]).toMatchObject({ file: 'devbox.json', line: 3 });
  });

  it('comes after the language’s own files, and is checked', async () => {
    const found = await understood({
      'package.json': manifest,
      '.nvmrc': '24\n',
      'devbox.json': '{"packages":["nodejs@22"]}',
    });
    expect(found.toolchains).toHaveLength(1);
    expect(found.toolchains[0]).toMatch(/^node-24 /);
    expect(found.codes).toContain('version-contradiction');
  });

  it('decides where the language’s own files say nothing', async () => {
    const found = await understood({
      'package.json': manifest,
      'devbox.json': '{"packages":{"nodejs":"22"}}',
    });
    expect(found.toolchains).toEqual(['node-22 compatible']);
  });

  it('has its lock file for what is the latest', async () => {
    const found = await understood({
      'devbox.json': '{"packages":{"python":{"version":"latest"}}}',
      'devbox.lock': '{"lockfile_version":"1","packages":{"python@latest":{"version":"3.12.4"}}}',
    });
    expect(found.plan.toolchains[0]?.key).toBe('python-3.12');
  });

  it('with what nidify does not know says so', async () => {
    const found = await understood({
      'package.json': manifest,
      'devbox.json':
        '{"packages":["cowsayish@1.0","github:nixos/nixpkgs/abc#hello","php81Extensions.xdebug","shellcheck@0.9.0"]}',
    });
    expect(found.codes.sort()).toEqual([
      'environment-unmapped',
      'environment-unmapped',
      'tool-unknown',
      'tool-version',
    ]);
    expect(found.tools).toEqual(['shellcheck']);
  });

  it('that is broken is told', async () => {
    expect((await understood({ 'devbox.json': '{"packages":' })).codes).toContain('unreadable-manifest');
    expect((await understood({ 'devbox.json': '{"packages":[7,null,"@",""]}' })).codes).not.toContain(
      'tool-unknown',
    );
  });
});

describe('devenv.nix', () => {
  it('gives languages with their versions, and packages', async () => {
    const found = await understood({
      'devenv.yaml': 'inputs: {}\n',
      'devenv.nix': [
        '{ pkgs, lib, config, ... }:',
        '{',
        '  # languages.rust.enable = true;',
        '  packages = [ pkgs.jq pkgs.git ];',
        '  languages.python = {',
        '    enable = true;',
        '    version = "3.12";',
        '  };',
        '  languages.go.enable = true;',
        '  languages.javascript.enable = false;',
        '  enterShell = "languages.ruby.enable = true;";',
        '}',
      ].join('\n'),
    });
    expect(found.toolchains.map((each) => each.split(' ')[0]?.replace(/^go-.*/, 'go')).sort()).toEqual([
      'go',
      'python-3.12',
    ]);
    expect(found.tools.sort()).toEqual(['git', 'jq']);
  });
});

describe('a flake or shell of its own', () => {
  it('is evidence for versions', async () => {
    const flake =
      '{ outputs = { nixpkgs, ... }: { devShells.x.default = pkgs.mkShell { packages = with pkgs; [ nodejs_22 own ]; }; }; }\n';
    const found = await understood({ 'package.json': manifest, 'flake.nix': flake });
    expect(found.toolchains).toEqual(['node-22 compatible']);
    expect(found.codes).toEqual([]);
    const shell = await understood({
      'shell.nix': 'pkgs.mkShell { buildInputs = [ pkgs.python312 pkgs.own ]; }\n',
    });
    expect(shell.toolchains).toEqual(['python-3.12 compatible']);
  });
});

describe('a Brewfile', () => {
  it('gives formulae by the names that nixpkgs has for them', async () => {
    const found = await understood({
      'package.json': manifest,
      Brewfile:
        'tap "homebrew/core"\nbrew "node@22"\nbrew \'kubernetes-cli\' # cluster\nbrew "jq", link: true\nbrew "mas"\ncask "docker"\n# brew "go"\n',
    });
    expect(found.toolchains).toEqual(['node-22 compatible']);
    expect(found.tools.sort()).toEqual(['jq', 'kubectl']);
    expect(found.codes).toEqual(['environment-unmapped']);
    expect(found.plan.findings[0]?.message).toContain('mas');
  });
});

it('what cannot be a statement takes no time', async () => {
  const start = performance.now();
  await understood({
    'devenv.nix': '{ a = ['.repeat(30_000),
    'flake.nix': 'packages = ['.repeat(30_000),
    Brewfile: 'brew "'.repeat(30_000),
  });
  expect(performance.now() - start).toBeLessThan(5000);
});
