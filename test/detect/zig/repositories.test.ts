import { describe, expect, test } from 'vitest';
import { parseZon } from '../../../src/detect/zig/zon.ts';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

const build = `const std = @import("std");
pub fn build(b: *std.Build) void {
    // const exe = b.addExecutable(.{ .name = "not" });
    const exe = b.addExecutable(.{
        .name = "server",
        .root_module = b.createModule(.{ .root_source_file = b.path("src/main.zig"), .target = target }),
    });
    exe.linkSystemLibrary("sqlite3");
    b.installArtifact(exe);
    const run_step = b.step("run", "Run the app");
    const test_step = b.step("test", "Run unit tests");
}
`;

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  const commands = plan.projects[0]?.commands;
  return { ...decisionsOf(plan), commands, plan };
}

describe('Zig', () => {
  test('an application with a manifest and dependencies', async () => {
    const found = await decided({
      'build.zig': build,
      'build.zig.zon': `.{
    .name = .server,
    .version = "0.1.0",
    .minimum_zig_version = "0.14.0", // the oldest
    .dependencies = .{
        .httpz = .{ .url = "https://example.com/a.tar.gz", .hash = "x" },
    },
    .paths = .{"src"},
}
`,
      'src/main.zig': '',
    });
    expect(found.toolchains).toEqual(['zig 0.14.1 compatible nixpkgs']);
    expect(found.projects).toEqual([
      {
        path: '.',
        name: 'server',
        languages: ['zig'],
        frameworks: ['httpz'],
        packageManager: null,
        ports: [],
      },
    ]);
    expect(found.commands).toMatchObject({
      install: 'zig build --fetch',
      build: 'zig build',
      test: 'zig build test',
      start: './zig-out/bin/server',
      dev: 'zig build run',
    });
    expect(found.libraries).toEqual(['sqlite']);
  });

  test.each([
    ['.zigversion', { '.zigversion': '0.13.0\n' }, 'zig 0.13.0 exact nixpkgs'],
    ['.zig-version', { '.zig-version': 'v0.15.1' }, 'zig 0.15.2 nearest nixpkgs'],
    ['.tool-versions', { '.tool-versions': 'zig 0.13.0\n' }, 'zig 0.13.0 exact nixpkgs'],
    ['mise.toml', { 'mise.toml': '[tools]\nzig = "0.15"\n' }, 'zig 0.15.2 compatible nixpkgs'],
    [
      'an old line, from an old channel',
      { '.zigversion': '0.11.0' },
      /^zig 0\.11 assumed nixpkgs-2[345]_(05|11)$/,
    ],
    ['nothing: the newest', {}, 'zig 0.16.0 default nixpkgs'],
  ])('pinned by %s', async (_, files, expected) => {
    const found = await decided({ 'build.zig': '', ...files });
    expect(found.toolchains[0]).toMatch(expected);
  });

  test('without a pin, the calls of build.zig tell its release', async () => {
    const old = build.replace(/\.root_module[^\n]*/, '.root_source_file = .{ .path = "src/main.zig" },');
    expect((await decided({ 'build.zig': old })).toolchains[0]).toMatch(/^zig 0\.1[12]/);
    expect((await decided({ 'build.zig': build })).toolchains[0]).toMatch(/^zig 0\.16/);
  });

  test('a development version is told', async () => {
    const found = await decided({
      'build.zig': '',
      'build.zig.zon': '.{ .minimum_zig_version = "0.16.0-dev.747+493ad58ff" }',
    });
    expect(found.toolchains).toEqual(['zig 0.16.0 compatible nixpkgs']);
    expect(found.findings).toEqual(['zig-development-version']);
  });

  test('examples and vendored packages are none of the project', async () => {
    const found = await decided({ 'build.zig': build, 'examples/a/build.zig': '', 'libs/b/build.zig': '' });
    expect(found.projects.map(({ path }) => path)).toEqual(['.']);
  });

  test('a broken manifest is read as far as it goes', () => {
    expect(parseZon('.{ .name = "a", .dependencies = .{ .b = .{').dependencies).toEqual(['b']);
    expect(parseZon('}}}} . = = .@"x" "').fields.size).toBe(0);
  });
});
