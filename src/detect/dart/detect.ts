/** Dart and Flutter: docs/ecosystems/dart.md. */
import { append } from '../../append.ts';
import { entriesAt, stringAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { presence, shown } from '../evidence.ts';
import { firstAt, isThere, pathsBelow } from '../shared/paths.ts';
import { shellWord } from '../shared/shell-word.ts';
import { fileIn, folderOf, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, FindingNeed, Need } from '../types.ts';
import { type DartPackage, dartPackages } from './packages.ts';
import { dartRequests, flutterRequests } from './requests.ts';

/** Frameworks by their package, and the port that they listen at. */
const frameworks: Readonly<Record<string, number | null>> = {
  dart_frog: 8080,
  serverpod: 8080,
  shelf: 8080,
  jaspr: 8080,
};

export const detectDart: Detect = async (context) => {
  const { main, side } = await dartPackages(context);
  const needs: Need[] = [];
  // Flutter's SDK holds Dart's: a second one would only be another version of it.
  const hasFlutter = main.some(({ isFlutter }) => isFlutter);
  for (const owner of main) append(needs, await packageNeeds(context, owner, hasFlutter));
  const [first] = side;
  if (main.length === 0 && first !== undefined) {
    const requests = await (first.isFlutter ? flutterRequests : dartRequests)(context, first);
    needs.push({
      kind: 'toolchain',
      id: first.isFlutter ? 'flutter' : 'dart',
      project: first.folder,
      requests,
      because: [presence(first.file.path, 'dart/package')],
      optional: true,
    });
  }
  return needs;
};

async function packageNeeds(
  context: DetectContext,
  owner: DartPackage,
  hasFlutter: boolean,
): Promise<Need[]> {
  const { folder, file, document, lock, isFlutter, dependencies } = owner;
  const { inventory } = context;
  const because = [presence(file.path, 'dart/package')];
  const used = Object.keys(frameworks).filter((name) => dependencies.has(name));
  const name = stringAt(document.value, ['name']);
  const toolchain: Need[] = isFlutter
    ? [
        {
          kind: 'toolchain',
          id: 'flutter',
          project: folder,
          requests: await flutterRequests(context, owner),
          because,
        },
      ]
    : hasFlutter
      ? []
      : [
          {
            kind: 'toolchain',
            id: 'dart',
            project: folder,
            requests: await dartRequests(context, owner),
            because,
          },
        ];
  return [
    ...toolchain,
    {
      kind: 'package-manager',
      id: 'pub',
      project: folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because: lock === null ? because : [presence(lock.path, 'dart/lock')],
    },
    {
      kind: 'project',
      path: folder,
      name: name === null ? null : shown(name),
      languages: ['dart'],
      frameworks: [...(isFlutter ? ['flutter'] : []), ...used],
      packageManager: 'pub',
      commands: isFlutter ? flutterCommands(inventory, owner) : dartCommands(inventory, owner),
      ports: [...new Set(used.map((id) => frameworks[id]))].filter((port) => typeof port === 'number'),
      because,
    },
    ...(isFlutter ? platforms(inventory, owner) : []),
  ];
}

/** `--enforce-lockfile` fails where the lock file would change: https://dart.dev/tools/pub/cmd/pub-get */
function install(inventory: Inventory, program: string, owner: DartPackage): Partial<Commands> {
  if (owner.isMember) return {};
  const get = `${program} pub get${owner.lock === null ? '' : ' --enforce-lockfile'}`;
  const isMelos = owner.dependencies.has('melos') && !owner.hasMembers;
  const bootstraps = isMelos && fileIn(inventory, owner.folder, 'melos.yaml') !== null;
  return { install: bootstraps ? `${get} && dart run melos bootstrap` : get };
}

function dartCommands(inventory: Inventory, owner: DartPackage): Partial<Commands> {
  const { folder, dependencies } = owner;
  const tests = pathsBelow(inventory, join(folder, 'test'));
  const isTested = tests.some((path) => path.endsWith('_test.dart'));
  return {
    ...install(inventory, 'dart', owner),
    ...programOf(inventory, owner),
    ...(isTested || dependencies.has('test') ? { test: 'dart test' } : {}),
    lint: 'dart analyze',
  };
}

/** The program of bin that has the package's name, or is called server or main, or is the only one. */
function programOf(inventory: Inventory, { folder, document, dependencies }: DartPackage): Partial<Commands> {
  if (dependencies.has('dart_frog') && dependencies.has('dart_frog_cli')) {
    return { build: 'dart run dart_frog_cli:dart_frog build', start: 'dart build/bin/server.dart' };
  }
  const bin = join(folder, 'bin');
  const files = pathsBelow(inventory, bin)
    .filter((path) => folderOf(path) === bin && path.endsWith('.dart'))
    .map(nameOf);
  const names = [stringAt(document.value, ['name']) ?? '', 'server', 'main'].map((name) => `${name}.dart`);
  const listed = entriesAt(document.value, ['executables']).map(
    ([name, target]) => `${typeof target === 'string' ? target : name}.dart`,
  );
  const file =
    [...names, ...listed].find((name) => files.includes(name)) ?? (files.length === 1 ? files[0] : undefined);
  const source = file === undefined ? null : shellWord(`bin/${file}`);
  const target = file === undefined ? null : shellWord(`./bin/${file.replace(/\.dart$/, '.exe')}`);
  if (source === null || target === null) return {};
  return { build: `dart compile exe ${source}`, start: target, dev: `dart run ${source}` };
}

/** https://docs.flutter.dev/reference/flutter-cli */
function flutterCommands(inventory: Inventory, owner: DartPackage): Partial<Commands> {
  const has = (name: string) => isThere(inventory, join(owner.folder, name));
  const target = ['web', 'linux'].find(has);
  return {
    ...install(inventory, 'flutter', owner),
    ...(target === undefined ? {} : { build: `flutter build ${target}` }),
    ...(has('test') ? { test: 'flutter test' } : {}),
    ...(has('lib') || target !== undefined ? { dev: 'flutter run' } : {}),
    lint: 'flutter analyze',
  };
}

/** Folders of platforms whose tools are not in the environment. */
function platforms(inventory: Inventory, { folder, file }: DartPackage): FindingNeed[] {
  const found = (name: string) => firstAt(inventory, join(folder, name));
  const android = found('android');
  const apple = found('ios') ?? found('macos');
  const needs: FindingNeed[] = [];
  if (android !== undefined) {
    needs.push({
      kind: 'finding',
      code: 'android-sdk',
      severity: 'warning',
      message: `${file.path} is built for Android too, whose SDK and Java are not in the environment`,
      hint: 'Install the Android SDK and accept its licences; `flutter config --android-sdk` names its place.',
      because: [presence(android, 'dart/android')],
    });
  }
  if (apple !== undefined) {
    needs.push({
      kind: 'finding',
      code: 'xcode-project',
      severity: 'info',
      message: `${folderOf(apple)} is built by Xcode, which runs on macOS only and comes from Apple alone`,
      hint: 'Use the Xcode of a Mac for it.',
      because: [presence(apple, 'dart/apple')],
    });
  }
  return needs;
}
