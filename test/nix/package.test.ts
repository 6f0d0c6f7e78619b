import { readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { describeNix, nix, prepareChannel } from './harness.ts';

const root = path.resolve(import.meta.dirname, '../..');

describeNix('nidify’s own package', (nixes) => {
  const version = nixes.at(-1);
  if (version === undefined) return;

  test('is built from its lock file without a network, and runs', async () => {
    const { storePath } = await prepareChannel();
    // The stand-in's loader has no folder of its own to look for libraries in, as nixpkgs' has.
    const expression = `
      let pkgs = import ${storePath} { }; in
      (pkgs.callPackage ${root}/nix/package.nix { }).overrideAttrs (_: {
        LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath [ pkgs.glibc ];
      })`;
    const { stdout, stderr } = await nix(version, ['--no-out-link', '-E', expression], {
      program: 'nix-build',
    });
    expect(stdout, stderr.slice(-2000)).toMatch(/^\/nix\/store\/\S+-nidify-/);
    const program = path.join(stdout.trim(), 'bin/nidify');
    const shown = await execa(program, ['--version'], { env: {}, extendEnv: false });
    expect(shown.stdout).toBe(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).version);
    const folder = folderWith({ 'package.json': '{ "engines": { "node": "22" } }' });
    const plan = await execa(program, ['analyze', folder, '--json'], { env: {}, extendEnv: false });
    expect(JSON.parse(plan.stdout).toolchains).toMatchObject([{ id: 'node', requested: '22' }]);
  });

  test('is what the flake gives, with its check and its shell, on every system', async () => {
    const { storePath } = await prepareChannel();
    const { exitCode, stderr } = await nix(version, [
      'flake',
      'check',
      '--no-build',
      '--all-systems',
      `path:${root}`,
      '--override-input',
      'nixpkgs',
      `path:${storePath}`,
    ]);
    expect(exitCode, stderr.slice(-2000)).toBe(0);
  });
});
