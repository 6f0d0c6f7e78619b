/** Dart and Flutter: dart.dev/tools/pub/pubspec, dart.dev/tools/pub/workspaces, fvm.app/documentation, melos.invertase.dev. */
import { describe, expect, it } from 'vitest';
import { understood } from '../../support/understood.ts';

const pubspec = (sdk: string, more = '', name = 'shop') =>
  `name: ${name}\nenvironment:\n  sdk: ${JSON.stringify(sdk)}\n${more}`;
const flutter = 'dependencies:\n  flutter:\n    sdk: flutter\n';

describe('Dart', () => {
  it('has a program in bin, and a lock file that is kept to', async () => {
    const found = await understood({
      'pubspec.yaml': pubspec('^3.0.0', 'dev_dependencies:\n  test: ^1.24.0\n'),
      'pubspec.lock': 'packages: {}\n',
      'bin/shop.dart': 'void main() {}\n',
      'test/shop_test.dart': '',
    });
    expect(found).toMatchObject({
      toolchains: ['dart-3 compatible'],
      managers: ['pub'],
      languages: ['dart'],
      root: {
        install: 'dart pub get --enforce-lockfile',
        build: 'dart compile exe bin/shop.dart',
        start: './bin/shop.exe',
        test: 'dart test',
        dev: 'dart run bin/shop.dart',
        lint: 'dart analyze',
      },
      codes: [],
    });
    expect(found.plan.projects[0]?.name).toBe('shop');
  });

  it('reads the end of a range as pub does: below 3 means below 4 where null safety is on', async () => {
    const safe = await understood({ 'pubspec.yaml': pubspec('>=2.16.1 <3.0.0') });
    expect(safe.toolchains).toEqual(['dart-3 compatible']);
    const before = await understood({ 'pubspec.yaml': pubspec('>=2.7.0 <3.0.0') });
    expect(before.toolchains).toEqual(['dart-2 compatible']);
    expect(before.codes).toContain('runtime-end-of-life');
  });

  it('is a server where a framework says so', async () => {
    const frog = await understood({
      'pubspec.yaml': pubspec('^3.0.0', 'dependencies:\n  dart_frog: ^1.0.0\n'),
    });
    expect(frog).toMatchObject({ frameworks: ['dart_frog'], ports: [8080] });
    const shelf = await understood({
      'pubspec.yaml': pubspec('^3.0.0', 'dependencies:\n  shelf: ^1.4.0\n'),
      'bin/server.dart': '',
      'bin/migrate.dart': '',
    });
    expect(shelf).toMatchObject({ frameworks: ['shelf'], root: { start: './bin/server.exe' } });
  });

  it('of a workspace is installed once', async () => {
    const found = await understood({
      'pubspec.yaml': pubspec('^3.6.0', 'workspace:\n  - packages/a\n  - packages/b\n', '_'),
      'packages/a/pubspec.yaml': pubspec('^3.6.0', 'resolution: workspace\n', 'a'),
      'packages/b/pubspec.yaml': pubspec('^3.6.0', 'resolution: workspace\n', 'b'),
      'packages/a/example/pubspec.yaml': pubspec('^3.6.0', '', 'x'),
    });
    expect(found.projects).toEqual(['.', 'packages/a', 'packages/b']);
    expect(found.root.install).toBe('dart pub get');
    expect(found.commands('packages/a').install).toBeUndefined();
  });

  it('with Melos is bootstrapped by it', async () => {
    const found = await understood({
      'pubspec.yaml': pubspec('^3.0.0', 'dev_dependencies:\n  melos: ^6.0.0\n', '_'),
      'melos.yaml': 'name: x\npackages:\n  - packages/**\n',
      'packages/a/pubspec.yaml': pubspec('^3.0.0', '', 'a'),
    });
    expect(found.root.install).toBe('dart pub get && dart run melos bootstrap');
  });

  it('that cannot be read, or says nothing, is told or taken as it comes', async () => {
    expect((await understood({ 'pubspec.yaml': 'name: [\n' })).codes).toContain('unreadable-manifest');
    const bare = await understood({ 'pubspec.yaml': 'name: x\nenvironment:\n  sdk: any\n' });
    expect(bare.toolchains).toEqual(['dart-3 default']);
  });
});

describe('Flutter', () => {
  it('takes the version of FVM before that of the manifest, and brings Dart along', async () => {
    const found = await understood({
      'pubspec.yaml': pubspec('^3.5.0', `  flutter: ">=3.24.0"\n${flutter}`),
      'pubspec.lock': 'packages: {}\n',
      '.fvmrc': '{ "flutter": "3.35.2" }\n',
      'web/index.html': '',
      'test/a_test.dart': '',
    });
    expect(found).toMatchObject({
      toolchains: ['flutter-3.35 assumed'],
      languages: ['dart'],
      frameworks: ['flutter'],
      root: {
        install: 'flutter pub get --enforce-lockfile',
        build: 'flutter build web',
        test: 'flutter test',
        lint: 'flutter analyze',
        dev: 'flutter run',
      },
    });
    const old = await understood({
      'pubspec.yaml': pubspec('^3.0.0', flutter),
      '.fvm/fvm_config.json': '{"flutterSdkVersion":"3.24.3"}',
    });
    expect(old.toolchains).toEqual(['flutter-3.24 assumed']);
    expect(old.plan.toolchains[0]?.input).toBe('nixpkgs-25_05');
  });

  it('for phones says what is not in the environment', async () => {
    const found = await understood({
      'pubspec.yaml': pubspec('^3.5.0', flutter),
      'android/settings.gradle': "include ':app'\n",
      'android/app/build.gradle': "plugins { id 'com.android.application' }\n",
      'ios/Runner/Info.plist': '',
      'linux/CMakeLists.txt': '',
    });
    expect(found.codes.filter((code) => code === 'android-sdk')).toHaveLength(1);
    expect(found.codes).toContain('xcode-project');
    expect(found.root.build).toBe('flutter build linux');
  });

  it('beside plain packages gives its Dart to them', async () => {
    const found = await understood({
      'app/pubspec.yaml': pubspec('^3.5.0', flutter, 'app'),
      'core/pubspec.yaml': pubspec('^3.5.0', '', 'core'),
      '.tool-versions': 'flutter 3.41.0-stable\n',
    });
    expect(found.toolchains).toEqual(['flutter-3.41 assumed']);
    expect(found.commands('core').install).toBe('dart pub get');
  });
});
