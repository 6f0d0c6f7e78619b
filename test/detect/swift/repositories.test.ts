/** Swift packages: docs.swift.org/package-manager/PackageDescription/PackageDescription.html, swift.org/swiftly. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const manifest = (version: string, body = '') =>
  `// swift-tools-version:${version}\nimport PackageDescription\n\nlet package = Package(\n  name: "Hello",\n${body})\n`;

const resolved = (identity: string) =>
  JSON.stringify({ pins: [{ identity, state: { version: '4.92.0' } }], version: 2 });

const librariesOf = ({ plan }: Awaited<ReturnType<typeof understood>>) =>
  plan.libraries.map(({ attribute }) => attribute);

describe('a Swift package', () => {
  it('has at least the version of its tools', async () => {
    const found = await understood({
      'Package.swift': manifest('5.4'),
      'Sources/hello/main.swift': '',
      'Tests/helloTests/a.swift': '',
    });
    expect(found).toMatchObject({
      toolchains: ['swift-5.10 compatible'],
      managers: ['swiftpm'],
      languages: ['swift'],
      compiler: 'swiftPackages.stdenv',
      root: {
        install: 'swift package resolve',
        build: 'swift build -c release',
        test: 'swift test',
        start: 'swift run',
      },
      codes: [],
    });
    expect(found.tools).toContain('swiftpm');
  });

  it('is pinned by .swift-version, which nixpkgs may not have', async () => {
    const found = await understood({ 'Package.swift': manifest(' 5.5'), '.swift-version': '5.5.2\n' });
    expect(found.toolchains).toEqual(['swift-5.7 nearest']);
    expect(found.codes).toContain('version-nearest');
    const newer = await understood({ 'Package.swift': manifest('6.0'), '.swift-version': 'main-snapshot' });
    expect(newer.plan.toolchains[0]?.requested).toBe('6.0');
    const shared = await understood({ 'Package.swift': manifest('5.5'), '.tool-versions': 'swift 5.8\n' });
    expect(shared.toolchains).toEqual(['swift-5.8 compatible']);
  });

  it('of an old Swift has everything in the toolchain of its channel', async () => {
    const found = await understood({ 'Package.swift': manifest(' 5.3'), '.swift-version': '5.4\n' });
    expect(found.plan.toolchains).toMatchObject([
      {
        key: 'swift-5.4',
        version: '5.4.2',
        match: 'compatible',
        input: 'nixpkgs-21_11',
        status: 'end-of-life',
      },
    ]);
    expect(found.codes).toEqual(['runtime-end-of-life']);
    expect(found.plan.libraries.map(({ attribute }) => attribute)).toEqual(['swift', 'swift']);
  });

  it('resolved is installed as it was resolved', async () => {
    const found = await understood({
      'Package.swift': manifest('5.9', '  targets: [.executableTarget(name: "App")]\n'),
      'Package.resolved': resolved('vapor'),
      'Sources/App/entrypoint.swift': '@main enum Entrypoint {}\n',
    });
    expect(found).toMatchObject({
      frameworks: ['vapor'],
      ports: [8080],
      root: { install: 'swift package resolve --force-resolved-versions', start: 'swift run' },
    });
    expect(found.plan.packageManagers[0]?.lockfile).toBe('Package.resolved');
  });

  it('of a library starts nothing, of several programs neither', async () => {
    const library = await understood({
      'Package.swift': manifest(
        '5.9',
        '  // .executableTarget(name: "Old"),\n  targets: [.target(name: "Hello")]\n',
      ),
      'Sources/Hello/a.swift': '',
    });
    expect(library.root).toEqual({
      install: 'swift package resolve',
      build: 'swift build -c release',
    });
    const two = await understood({
      'Package.swift': manifest('5.9'),
      'Sources/a/main.swift': '',
      'Sources/b/main.swift': '',
    });
    expect(two.root.start).toBeUndefined();
    const named = await understood({
      'Package.swift': manifest(
        '5.9',
        '  targets: [.executableTarget(name: "Hello"), .executableTarget(name: "tool")]',
      ),
    });
    expect(named.root.start).toBe('swift run Hello');
  });

  it('in folders is a project each; what was checked out is none', async () => {
    const found = await understood({
      'server/Package.swift': manifest('5.9'),
      'client/Package.swift': manifest('5.9'),
      '.build/checkouts/x/Package.swift': manifest('5.9'),
      'Examples/a/Package.swift': manifest('5.9'),
    });
    expect(found.projects).toEqual(['client', 'server']);
  });

  it('for Apple’s systems alone cannot be served on Linux', async () => {
    const app = await understood({ 'App.xcodeproj/project.pbxproj': '// !$*UTF8*$!\n', 'App/a.swift': '' });
    expect(app.codes).toContain('xcode-project');
    const both = await understood({ 'Package.swift': manifest('5.9'), 'App.xcodeproj/project.pbxproj': '' });
    expect(both.languages).toEqual(['swift']);
    expect(both.codes).toEqual(['xcode-project']);
  });

  it('with system libraries says which', async () => {
    const found = await understood({
      'Package.swift': manifest('5.9', '  targets: [.systemLibrary(name: "CGtk", pkgConfig: "gtk4")]\n'),
    });
    expect(found.codes).toEqual([]);
    expect(librariesOf(found)).toContain('gtk4');
    expect(found.tools).toContain('pkg-config');
    const unknown = await understood({
      'Package.swift': manifest('5.9', '  targets: [.systemLibrary(name: "CFoo", pkgConfig: "foo")]\n'),
    });
    expect(unknown.codes).toEqual(['swift-system-library']);
    expect(unknown.plan.findings[0]?.message).toContain('foo');
  });

  it('has the core libraries that the toolchain of nixpkgs leaves out, on Linux', async () => {
    const core = ['swiftPackages.Foundation', 'swiftPackages.Dispatch'];
    const plain = await understood({ 'Package.swift': manifest('5.9') });
    expect(librariesOf(plain)).toEqual(core);
    const tested = await understood({
      'Package.swift': manifest('5.9', '  targets: [.testTarget(name: "T")]\n'),
    });
    expect(librariesOf(tested)).toEqual([...core, 'swiftPackages.XCTest']);
    expect(new Set(tested.plan.libraries.flatMap(({ systems }) => systems))).toEqual(
      new Set(['x86_64-linux', 'aarch64-linux']),
    );
    // In the newest channel they go by other names.
    const newest = await understood({ 'Package.swift': manifest('6.0') });
    expect(newest.codes).not.toContain('library-missing');
  });

  it('that is no text is a finding, hostile or not', async () => {
    const found = await understood({ 'Package.swift': `${'"'.repeat(50_000)}${'/*'.repeat(50_000)}` });
    expect(found.codes).toEqual(['swift-tools-version']);
  });
});
