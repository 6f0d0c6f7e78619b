/** Swift packages: docs/ecosystems/swift.md. */
import { append } from '../../append.ts';
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { isThere, pathsBelow } from '../shared/paths.ts';
import { shellWord } from '../shared/shell-word.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, join, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';
import { type SwiftManifest, swiftManifest } from './manifest.ts';

/** What tools check out and generate. */
const generated = /(^|\/)(\.build|checkouts|Pods|Carthage|DerivedData|SourcePackages)(\/|$)/;

/** Servers, by the identity of their package; both listen there unless told otherwise. */
const servers: Readonly<Record<string, number>> = { vapor: 8080, hummingbird: 8080 };

export const detectSwift: Detect = async (context) => {
  const all = filesNamed(context, ['Package.swift']).filter(({ path }) => !generated.test(path));
  const main = all.filter(({ path }) => !isSideFolder(folderOf(path)));
  const needs: Need[] = [];
  for (const file of main) append(needs, await packageNeeds(context, file));
  const [side] = all;
  if (main.length === 0 && side !== undefined) {
    const because = [presence(side.path, 'swift/package')];
    const requests = await requestsOf(context, side, swiftManifest(side.text ?? ''));
    needs.push({
      kind: 'toolchain',
      id: 'swift',
      project: folderOf(side.path),
      requests,
      because,
      optional: true,
    });
  }
  return [...needs, ...xcode(context)];
};

async function packageNeeds(context: DetectContext, file: ClaimedFile): Promise<Need[]> {
  const { inventory } = context;
  const folder = folderOf(file.path);
  const manifest = swiftManifest(file.text ?? '');
  const requests = await requestsOf(context, file, manifest);
  const because = [presence(file.path, 'swift/package')];
  const lock = fileIn(inventory, folder, 'Package.resolved');
  const frameworks = lock === null ? [] : await frameworksOf(lock);
  const isTested = manifest.hasTests || isThere(inventory, join(folder, 'Tests'));
  return [
    { kind: 'toolchain', id: 'swift', project: folder, requests, because },
    // Its compiler drives clang, whose wrapper has to be that of Swift's own libraries.
    { kind: 'compiler', project: folder, stdenvs: ['swiftPackages.stdenv'], because },
    {
      kind: 'package-manager',
      id: 'swiftpm',
      project: folder,
      requests: [],
      lockfile: lock?.path ?? null,
      because: [presence(lock?.path ?? file.path, 'swift/resolved')],
    },
    {
      kind: 'project',
      path: folder,
      name: manifest.name === null ? null : shown(manifest.name),
      languages: ['swift'],
      frameworks,
      packageManager: 'swiftpm',
      commands: commandsOf(manifest, programsOf(inventory, folder, manifest), isTested, lock !== null),
      ports: [...new Set(frameworks.map((id) => servers[id] ?? 0))],
      because,
    },
    ...coreLibraries(folder, isTested, file),
    ...systemLibraries(context, folder, manifest, file),
    ...remarks(file, manifest),
  ];
}

/** Foundation, Dispatch and XCTest, which the toolchain of nixpkgs has itself from Swift 6 on only. */
function coreLibraries(folder: string, isTested: boolean, { path }: ClaimedFile): Need[] {
  return ['swift-corelibs', ...(isTested ? ['swift-corelibs-xctest'] : [])].map((name) => ({
    kind: 'dependency',
    ecosystem: 'swiftpm',
    name,
    version: null,
    project: folder,
    because: [presence(path, 'swift/core-libraries')],
  }));
}

/** What system libraries go by in pkg-config, which builds in C look for by the same names. */
function systemLibraries(
  { native }: DetectContext,
  folder: string,
  manifest: SwiftManifest,
  file: ClaimedFile,
): Need[] {
  return manifest.systemLibraries.flatMap(({ name, line }): Need[] => {
    const because = [evidence(file, line, 'swift/system-library')];
    if (!native.c.has(`pkg-config:${name}`)) return [unknownLibrary(file, name, line)];
    return [
      {
        kind: 'dependency',
        ecosystem: 'c',
        name: `pkg-config:${name}`,
        version: null,
        project: folder,
        because,
      },
      { kind: 'tool', id: 'pkg-config', project: folder, because },
    ];
  });
}

function unknownLibrary(file: ClaimedFile, name: string, line: number): FindingNeed {
  return {
    kind: 'finding',
    code: 'swift-system-library',
    severity: 'warning',
    message: `${file.path}:${line} links the system's library ${name}, and nidify does not know which package has it`,
    hint: 'Name the package with "libraries": { "add": [...] } in nidify.jsonc.',
    because: [evidence(file, line, 'swift/system-library')],
  };
}

/** `.swift-version` is swiftly's and swiftenv's: https://www.swift.org/swiftly/documentation/swiftly/ */
async function requestsOf(
  { inventory }: DetectContext,
  file: ClaimedFile,
  { tools }: SwiftManifest,
): Promise<VersionRequest[]> {
  const folder = folderOf(file.path);
  const requests: VersionRequest[] = [];
  const own = nearest(inventory, folder, ['.swift-version']);
  const { version } =
    /^\s*(?:swift-)?(?<version>\d+(?:\.\d+){0,2})(?:-release)?\s*$/i.exec(own?.text ?? '')?.groups ?? {};
  if (own !== null && version !== undefined) {
    requests.push({ raw: version, scheme: 'prefix', because: evidence(own, 1, 'swift/version-file') });
  }
  append(requests, await versionFileRequests(inventory, folder, ['swift']));
  if (tools !== null) {
    requests.push({ raw: tools, scheme: 'minimum', because: evidence(file, 1, 'swift/tools-version') });
  }
  return requests;
}

/** Pins of Package.resolved: `identity` from version 2 on, `package` before. */
async function frameworksOf(lock: ClaimedFile): Promise<string[]> {
  const value = (await parseJsonFile(lock))?.value;
  const pins = valueAt(value, ['pins']) ?? valueAt(value, ['object', 'pins']);
  if (!Array.isArray(pins)) return [];
  const names = pins
    .filter(isRecord)
    .map((pin) => (stringAt(pin, ['identity']) ?? stringAt(pin, ['package']) ?? '').toLowerCase());
  return Object.keys(servers).filter((id) => names.includes(id));
}

/** Before 5.4, and still where the manifest does not say it, a main.swift makes a program. */
function programsOf(
  inventory: Inventory,
  folder: string,
  { executables }: SwiftManifest,
): ReadonlySet<string> {
  if (executables.length > 0) return new Set(executables);
  const sources = join(folder, 'Sources');
  return new Set(
    pathsBelow(inventory, sources).flatMap(
      (path) => /^(?<target>[^/]+)\/main\.swift$/.exec(path.slice(sources.length + 1))?.groups?.target ?? [],
    ),
  );
}

function commandsOf(
  { name }: SwiftManifest,
  programs: ReadonlySet<string>,
  isTested: boolean,
  isResolved: boolean,
): Partial<Commands> {
  const named = programs.size > 1 && name !== null && programs.has(name) ? shellWord(name) : null;
  const start = programs.size === 1 ? 'swift run' : named === null ? undefined : `swift run ${named}`;
  return {
    install: `swift package resolve${isResolved ? ' --force-resolved-versions' : ''}`,
    build: 'swift build -c release',
    ...(isTested ? { test: 'swift test' } : {}),
    ...(start === undefined ? {} : { start }),
  };
}

function remarks(file: ClaimedFile, { tools }: SwiftManifest): FindingNeed[] {
  if (tools !== null || (file.text ?? '').trim() === '') return [];
  return [
    {
      kind: 'finding',
      code: 'swift-tools-version',
      severity: 'warning',
      message: `${file.path} does not begin with its swift-tools-version: which Swift it needs is not known`,
      hint: 'Begin it with a line such as "// swift-tools-version:5.9".',
      because: [presence(file.path, 'swift/tools-version')],
    },
  ];
}

/** Xcode runs on macOS alone, and is no package of nixpkgs. */
function xcode(context: DetectContext): FindingNeed[] {
  const project = filesNamed(context, ['project.pbxproj']).find(
    ({ path }) =>
      /\.xcodeproj\/project\.pbxproj$/.test(path) && !generated.test(path) && !isSideFolder(folderOf(path)),
  );
  if (project === undefined) return [];
  return [
    {
      kind: 'finding',
      code: 'xcode-project',
      severity: 'warning',
      message: `${folderOf(project.path)} is built by Xcode, which runs on macOS only and comes from Apple alone`,
      hint: 'Use the Xcode of a Mac for it; what is a Swift package beside it is served.',
      because: [presence(project.path, 'swift/xcode')],
    },
  ];
}
