import { describe, expect, it } from 'vitest';
import { detectRust } from '../../../src/detect/rust/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

const manifest = (...lines: string[]) => ['[package]', 'name = "app"', ...lines].join('\n');

async function toolchain(files: Record<string, string | null>) {
  const [found] = needsOf(await detectRust(contextOf(files)), 'toolchain');
  if (found === undefined) throw new Error('no toolchain');
  return found;
}

async function requestsOf(files: Record<string, string | null>) {
  const { requests } = await toolchain({ 'Cargo.toml': manifest(), ...files });
  return requests.map(({ raw, scheme, because }) => `${raw} ${scheme} ${because.file}:${because.line}`);
}

describe('the toolchain file', () => {
  it.each([
    ['1.75.0', '1.75.0 exact'],
    ['1.75', '1.75 prefix'],
    ['stable', 'stable alias'],
    ['beta', 'beta alias'],
    ['nightly-2024-08-12', 'nightly-2024-08-12 alias'],
    ['nightly-2024-08-12-x86_64-unknown-linux-gnu', 'nightly-2024-08-12 alias'],
    ['1.75.0-aarch64-apple-darwin', '1.75.0 exact'],
  ])('channel %s is %s', async (channel, request) => {
    const text = `[toolchain]\nchannel = "${channel}"\n`;
    expect(await requestsOf({ 'rust-toolchain.toml': text })).toEqual([`${request} rust-toolchain.toml:2`]);
    expect(await requestsOf({ 'rust-toolchain': `${channel}\n` })).toEqual([`${request} rust-toolchain:1`]);
  });

  it('of the old name stands before the new one beside it, and may be TOML', async () => {
    const files = {
      'rust-toolchain': '[toolchain]\nchannel = "1.70.0"\n',
      'rust-toolchain.toml': '[toolchain]\nchannel = "1.80.0"\n',
    };
    expect(await requestsOf(files)).toEqual(['1.70.0 exact rust-toolchain:2']);
  });

  it('that is nearest decides', async () => {
    const files = {
      'rust-toolchain': 'stable',
      'app/Cargo.toml': manifest(),
      'app/rust-toolchain.toml': '[toolchain]\nchannel = "beta"\n',
    };
    const { requests } = onlyNeed(await detectRust(contextOf(files)), 'toolchain');
    expect(requests.map(({ raw }) => raw)).toEqual(['beta']);
  });

  it('adds components and targets beyond the default ones', async () => {
    const text =
      '[toolchain]\nchannel = "stable"\ncomponents = ["clippy", "rust-src", "miri", "x;y"]\ntargets = ["wasm32-unknown-unknown"]\n';
    const need = await toolchain({ 'Cargo.toml': manifest(), 'rust-toolchain.toml': text });
    expect(need.components).toEqual(['rust-src', 'miri', 'wasm32-unknown-unknown']);
  });

  it('with a profile that leaves clippy out lints nothing', async () => {
    const files = { 'Cargo.toml': manifest(), 'rust-toolchain.toml': '[toolchain]\nprofile = "minimal"\n' };
    expect(onlyNeed(await detectRust(contextOf(files)), 'project').commands).not.toHaveProperty('lint');
  });

  it('that names a folder of one machine is left out, with a finding', async () => {
    const files = {
      'Cargo.toml': manifest(),
      'rust-toolchain.toml': '[toolchain]\npath = "/home/me/rust"\n',
    };
    const needs = await detectRust(contextOf(files));
    expect(onlyNeed(needs, 'toolchain').requests).toEqual([]);
    expect(needsOf(needs, 'finding').map(({ code }) => code)).toEqual(['toolchain-not-portable']);
  });
});

describe('what else asks for a version', () => {
  it('are version managers, after the toolchain file', async () => {
    const files = {
      'rust-toolchain': '1.80.0',
      '.tool-versions': 'rust 1.79.0\n',
      'Cargo.toml': manifest('rust-version = "1.70"'),
    };
    expect(await requestsOf(files)).toEqual([
      '1.80.0 exact rust-toolchain:1',
      '1.79.0 prefix .tool-versions:1',
      '1.70 minimum Cargo.toml:3',
    ]);
  });

  it('is the edition, which a compiler must know', async () => {
    const of = (edition: string) => requestsOf({ 'Cargo.toml': manifest(`edition = "${edition}"`) });
    expect(await of('2018')).toEqual(['1.31 minimum Cargo.toml:3']);
    expect(await of('2021')).toEqual(['1.56 minimum Cargo.toml:3']);
    expect(await of('2024')).toEqual(['1.85 minimum Cargo.toml:3']);
    expect(await of('2015')).toEqual([]);
  });

  it('is the highest of several minimums', async () => {
    const files = { 'Cargo.toml': manifest('edition = "2024"', 'rust-version = "1.70.1"') };
    expect(await requestsOf(files)).toEqual(['1.85 minimum Cargo.toml:3', '1.70.1 minimum Cargo.toml:4']);
  });

  it('is what the workspace gives its packages', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\n[workspace.package]\nrust-version = "1.74"\n',
      'a/Cargo.toml': manifest('rust-version.workspace = true'),
      'b/Cargo.toml': manifest('rust-version = "1.76"'),
    };
    const { requests } = await toolchain(files);
    expect(requests.map(({ raw, because }) => `${raw} ${because.file}:${because.line}`)).toEqual([
      '1.76 b/Cargo.toml:3',
    ]);
    const { requests: inherited } = await toolchain({ ...files, 'b/Cargo.toml': manifest() });
    expect(inherited.map(({ raw, because }) => `${raw} ${because.file}:${because.line}`)).toEqual([
      '1.74 Cargo.toml:4',
    ]);
  });

  it("is Clippy's minimum, where nothing else says one", async () => {
    const clippy = { 'clippy.toml': 'msrv = "1.68"\n' };
    expect(await requestsOf(clippy)).toEqual(['1.68 minimum clippy.toml:1']);
    expect(await requestsOf({ 'clippy.toml': 'msrv = "new"\n' })).toEqual([]);
    expect(await requestsOf({ 'clippy.toml': 'msrv = \n' })).toEqual([]);
    expect(await requestsOf({ ...clippy, 'Cargo.toml': manifest('rust-version = "1.70"') })).toEqual([
      '1.70 minimum Cargo.toml:3',
    ]);
  });
});
