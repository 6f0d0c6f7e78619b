import { expect, test } from 'vitest';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

const flake = (...names: string[]) =>
  `{ outputs = { nixpkgs }: { devShell = mkShell { packages = [ ${names.map((name) => `pkgs.${name}`).join(' ')} ]; }; }; }`;

test.each([
  ['flake.nix', flake('ruby_3_3', 'php83', 'jdk17', 'zig'), ['java 17', 'php 8.3', 'ruby 3.3', 'zig']],
  ['flake.nix', flake('opentofu', 'flutter', 'hugo'), ['flutter', 'hugo', 'opentofu']],
  ['devbox.json', '{"packages":["elixir","erlang@27"]}', ['elixir', 'erlang 27']],
  ['Brewfile', 'brew "ruby"\nbrew "openjdk@17"\n', ['java 17', 'ruby']],
])('languages that %s alone names are served', async (name, text, expected) => {
  const { toolchains, findings } = decisionsOf(await planOfFiles({ [name]: text }));
  for (const language of expected) expect(toolchains.join('\n')).toContain(language);
  expect(toolchains).toHaveLength(expected.length);
  expect(findings).not.toContain('tool-unknown');
});
