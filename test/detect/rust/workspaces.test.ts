import { describe, expect, it } from 'vitest';
import { cargoProjects } from '../../../src/detect/rust/workspaces.ts';
import { contextOf } from '../../support/inventory.ts';

const crate = (name: string, ...more: string[]) =>
  [`[package]\nname = "${name}"\nversion = "0.1.0"`, ...more].join('\n');

async function layout(files: Record<string, string | null>) {
  const projects = await cargoProjects(contextOf(files));
  return projects.map(({ folder, members, defaults }) => ({
    folder,
    members: members.map((each) => each.folder),
    defaults: defaults.map((each) => each.folder),
  }));
}

describe('a Cargo workspace', () => {
  it('has the members that its patterns name, without those that it excludes', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["crates/*", "tools/cli"]\nexclude = ["crates/old"]\n',
      'crates/a/Cargo.toml': crate('a'),
      'crates/b/Cargo.toml': crate('b'),
      'crates/old/Cargo.toml': crate('old'),
      'crates/a/nested/Cargo.toml': crate('nested'),
      'tools/cli/Cargo.toml': crate('cli'),
    };
    expect(await layout(files)).toEqual([
      {
        folder: '.',
        members: ['crates/a', 'crates/b', 'tools/cli'],
        defaults: ['crates/a', 'crates/b', 'tools/cli'],
      },
      { folder: 'crates/a/nested', members: ['crates/a/nested'], defaults: ['crates/a/nested'] },
      { folder: 'crates/old', members: ['crates/old'], defaults: ['crates/old'] },
    ]);
  });

  it('takes in what its packages depend on by path, below it', async () => {
    const files = {
      'Cargo.toml': crate('app', '[workspace]', '[dependencies]', 'core = { path = "core" }'),
      'core/Cargo.toml': crate('core', '[target."cfg(unix)".dependencies]', 'sys = { path = "../sys" }'),
      'sys/Cargo.toml': crate('sys'),
      'apart/Cargo.toml': crate('apart'),
    };
    expect(await layout(files)).toEqual([
      { folder: '.', members: ['.', 'core', 'sys'], defaults: ['.'] },
      { folder: 'apart', members: ['apart'], defaults: ['apart'] },
    ]);
  });

  it('does not take in another workspace, nor a package that points elsewhere', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["*"]\n',
      'a/Cargo.toml': crate('a', '[workspace]'),
      'b/Cargo.toml': crate('b'),
      'lib/c/Cargo.toml': '[package]\nname = "c"\nworkspace = "../.."\n',
    };
    expect((await layout(files)).map(({ folder, members }) => [folder, members])).toEqual([
      ['.', ['b', 'lib/c']],
      ['a', ['a']],
    ]);
  });

  it('runs its default members', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["b"]\n',
      'a/Cargo.toml': crate('a'),
      'b/Cargo.toml': crate('b'),
    };
    expect((await layout(files))[0]?.defaults).toEqual(['b']);
  });

  it('stands beside others of the same repository', async () => {
    const files = {
      'one/Cargo.toml': '[workspace]\nmembers = ["a"]\n',
      'one/a/Cargo.toml': crate('a'),
      'two/Cargo.toml': crate('two'),
    };
    expect((await layout(files)).map(({ folder }) => folder)).toEqual(['one', 'two']);
  });
});

describe('vendored crates', () => {
  it('are no projects', async () => {
    const files = {
      'Cargo.toml': crate('app'),
      'vendor/libc/Cargo.toml': crate('libc'),
      'deps/libc/Cargo.toml': crate('libc'),
      'deps/libc/.cargo-checksum.json': null,
    };
    expect((await layout(files)).map(({ folder }) => folder)).toEqual(['.']);
  });
});

describe('hostile patterns', () => {
  it('leave the repository in no direction', async () => {
    const files = {
      'a/Cargo.toml': '[workspace]\nmembers = ["../../x", "/etc", "../b"]\n',
      'b/Cargo.toml': crate('b', '[dependencies]', 'x = { path = "../../../etc" }'),
    };
    expect((await layout(files)).map(({ folder, members }) => [folder, members])).toEqual([['b', ['b']]]);
  });

  it('cost no time', async () => {
    const members = JSON.stringify(
      Array.from({ length: 20 }, () => `${'*a'.repeat(500)}/**/${'*b'.repeat(500)}`),
    );
    const files: Record<string, string> = { 'Cargo.toml': `[workspace]\nmembers = ${members}\n` };
    for (let at = 0; at < 20; at++) files[`${'a'.repeat(200)}${at}/x/Cargo.toml`] = crate('x');
    const started = performance.now();
    await layout(files);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
