import { append } from '../../append.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { outermost } from '../shared/folders.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';
import { readZigScript, type ZigScript } from './script.ts';
import { parseZon, type Zon } from './zon.ts';

/** A folder with Zig's build script, unless it lies in another's: https://ziglang.org/learn/build-system/ */
export const detectZig: Detect = async (context) => {
  const folders = filesNamed(context, ['build.zig'])
    .map(({ path }) => folderOf(path))
    .filter(
      (folder) =>
        !/(^|\/)(zig-pkg|\.?zig-cache|vendor|deps|libs?|third[_-]party|node_modules)(\/|$)/.test(folder),
    );
  const main = folders.filter((folder) => !isSideFolder(folder));
  const needs: Need[] = [];
  for (const folder of outermost(main)) append(needs, await needsOf(context, folder));
  const [side] = folders;
  if (main.length === 0 && side !== undefined) {
    const { requests } = await versionOf(context.inventory, side, null, null);
    const because = [
      evidence(fileIn(context.inventory, side, 'build.zig') as ClaimedFile, null, 'zig/build'),
    ];
    needs.push({ kind: 'toolchain', id: 'zig', project: side, requests, because, optional: true });
  }
  return needs;
};

async function needsOf({ inventory, native }: DetectContext, folder: string): Promise<Need[]> {
  const file = fileIn(inventory, folder, 'build.zig');
  if (file === null) return [];
  const manifest = fileIn(inventory, folder, 'build.zig.zon');
  const zon = manifest?.text == null ? null : parseZon(manifest.text);
  const script = readZigScript(file.text ?? '');
  const because = [evidence(file, null, 'zig/build')];
  const { requests, findings } = await versionOf(
    inventory,
    folder,
    manifest === null || zon === null ? null : { manifest, zon },
    { file, script },
  );
  const libraries = script.libraries.flatMap(({ name, line }): Need[] => {
    const key = [`pkg-config:${name}`, `library:${name}`].find((each) => native.c.has(each));
    if (key === undefined) return [];
    return [
      {
        kind: 'dependency',
        ecosystem: 'c',
        name: key,
        version: null,
        project: folder,
        because: [evidence(file, line, 'zig/system-library')],
      },
    ];
  });
  const programs = script.programs.filter((name) => /^[\w.+-]+$/.test(name));
  const hasRun = script.steps.includes('run');
  const hasTest = script.steps.includes('test') || script.steps.length === 0;
  const [program] = programs;
  return [
    { kind: 'toolchain', id: 'zig', project: folder, requests, because },
    ...libraries,
    ...(libraries.length > 0 ? [{ kind: 'tool' as const, id: 'pkg-config', project: folder, because }] : []),
    {
      kind: 'project',
      path: folder,
      name: zon?.fields.get('name')?.value ?? program ?? null,
      languages: ['zig'],
      frameworks: zon?.dependencies.filter((name) => frameworks.has(name)) ?? [],
      packageManager: null,
      commands: {
        ...(zon !== null && zon.dependencies.length > 0 ? { install: 'zig build --fetch' } : {}),
        build: 'zig build',
        ...(hasTest ? { test: 'zig build test' } : {}),
        ...(program !== undefined && programs.length === 1
          ? { start: `./zig-out/bin/${program}` }
          : file.text === '' || hasRun
            ? { start: 'zig build run' }
            : {}),
        ...(hasRun ? { dev: 'zig build run' } : {}),
        lint: 'zig fmt --check .',
      },
      ports: [],
      because,
    },
    ...findings,
  ];
}

/** Names under which web and game frameworks are depended on. */
const frameworks = new Set([
  'httpz',
  'zap',
  'tokamak',
  'jetzig',
  'raylib',
  'raylib_zig',
  'mach',
  'capy',
  'zli',
]);

interface Described {
  manifest: ClaimedFile;
  zon: Zon;
}

/**
 * What a version manager reads (zvm, anyzig and zigup the manifest, others a file of their own) comes first.
 * Until 1.0 each minor release changes the build system, so a minimum means its own line.
 */
async function versionOf(
  inventory: Inventory,
  folder: string,
  described: Described | null,
  build: { file: ClaimedFile; script: ZigScript } | null,
): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const own = nearest(inventory, folder, ['.zigversion', '.zig-version']);
  const requests = [
    ...(own === null ? [] : versionFile(own)),
    ...(await versionFileRequests(inventory, folder, ['zig'])),
    ...(described === null ? [] : minimum(described)),
  ];
  const era = build?.script.era ?? null;
  if (build !== null && era !== null && requests.length === 0) {
    const raw = era.to === null ? `>=${era.from}.0` : `>=${era.from}.0 <${era.to}.0`;
    requests.push({ raw, scheme: 'semver', because: evidence(build.file, era.line, 'zig/build-calls') });
  }
  const nightly = requests.find(({ raw }) => /-dev/.test(raw));
  return { requests: requests.map(released), findings: nightly === undefined ? [] : [ofNightly(nightly)] };
}

function versionFile(file: ClaimedFile): VersionRequest[] {
  const { version } =
    /^\s*v?(?<version>\d[\w.+-]*|master|latest|stable)\s*$/m.exec((file.text ?? '').slice(0, 500))?.groups ??
    {};
  if (version === undefined) return [];
  const because = evidence(file, 1, 'zig/version-file');
  return [{ raw: version, scheme: /^\d/.test(version) ? 'prefix' : 'alias', because }];
}

function minimum({ manifest, zon }: Described): VersionRequest[] {
  for (const name of ['mach_zig_version', 'minimum_zig_version']) {
    const field = zon.fields.get(name);
    if (field === undefined || !/^\d+\.\d+/.test(field.value)) continue;
    const because = evidence(manifest, field.line, `zig/${name.replaceAll('_', '-')}`);
    return [{ raw: field.value, scheme: name === 'minimum_zig_version' ? 'minimum' : 'prefix', because }];
  }
  return [];
}

/** A minimum is that of its line; a development version is of the release that it became. */
function released({ raw, scheme, because }: VersionRequest): VersionRequest {
  const version = /^(?<version>\d+\.\d+(\.\d+)?)(?<rest>-dev.*)?/.exec(raw)?.groups;
  if (version?.rest !== undefined) {
    return { raw: version.version?.split('.').slice(0, 2).join('.') ?? raw, scheme: 'prefix', because };
  }
  if (scheme !== 'minimum' || version?.version === undefined) return { raw, scheme, because };
  return {
    raw: /^0\./.test(raw) ? `~${version.version}` : `>=${version.version}`,
    scheme: 'semver',
    because,
  };
}

function ofNightly({ raw, because }: VersionRequest): FindingNeed {
  return {
    kind: 'finding',
    code: 'zig-development-version',
    severity: 'warning',
    message: `zig ${raw} is a development version: the release of its line is given`,
    hint: 'Move to a release, or name a package with "packages": { "add": [...] } in nidify.jsonc.',
    because: [because],
  };
}
