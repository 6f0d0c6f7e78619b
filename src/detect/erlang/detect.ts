import { evidence, presence } from '../evidence.ts';
import { nativeDependencies } from '../shared/native.ts';
import { fileIn, isSideFolder } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';
import { rebarCommands } from './commands.ts';
import { erlangMkNeeds } from './erlang-mk.ts';
import { dependenciesOf, type RebarProject, rebarProjects } from './rebar.ts';
import { settingOf } from './terms.ts';

/**
 * Erlang: every project of rebar3, with its applications, and every one of erlang.mk. Examples and tests count only
 * where there is nothing else, and then as optional.
 */
export const detectErlang: Detect = async (context) => {
  const all = rebarProjects(context);
  const main = all.filter(({ folder }) => !isSideFolder(folder));
  const needs = await Promise.all(main.map((project) => needsOf(context, project)));
  needs.push(await erlangMkNeeds(context, new Set(all.map(({ folder }) => folder))));
  const [side] = all;
  if (needs.flat().length === 0 && side !== undefined) {
    const requests = await requestsOf(context, side);
    const because = [presence(side.file.path, 'erlang/rebar-config')];
    needs.push([
      { kind: 'toolchain', id: 'erlang', project: side.folder, requests, because, optional: true },
    ]);
  }
  return needs.flat();
};

/** Frameworks of HTTP by their package. */
const frameworks = ['cowboy', 'elli', 'nova', 'yaws'];

async function needsOf(context: DetectContext, project: RebarProject): Promise<Need[]> {
  const { folder, file, terms, lock, app } = project;
  const because = [presence(file.path, 'erlang/rebar-config')];
  const source = sourceOfC(project);
  const dependencies = dependenciesOf(project);
  return [
    {
      kind: 'toolchain',
      id: 'erlang',
      project: folder,
      requests: await requestsOf(context, project),
      because,
    },
    {
      kind: 'package-manager',
      id: 'rebar3',
      project: folder,
      requests: await versionFileRequests(context.inventory, folder, ['rebar', 'rebar3']),
      lockfile: lock?.file.path ?? null,
      because: lock === null ? because : [...because, presence(lock.file.path, 'erlang/rebar-lock')],
    },
    ...nativeNeeds(context, project),
    ...(source === null
      ? []
      : [{ kind: 'compiler' as const, project: folder, because: [presence(source, 'erlang/c-source')] }]),
    {
      kind: 'project',
      path: folder,
      name: app,
      languages: ['erlang'],
      frameworks: frameworks.filter((id) => dependencies.some(({ name }) => name === id)),
      packageManager: 'rebar3',
      commands: rebarCommands(project),
      ports: [],
      because,
    },
    ...(terms === null ? [unreadable(project)] : findingsOf(context, project)),
  ];
}

/** What a version manager puts on PATH, then the least that rebar3 accepts. */
async function requestsOf({ inventory }: DetectContext, project: RebarProject): Promise<VersionRequest[]> {
  const managed = await versionFileRequests(inventory, project.folder, ['erlang']);
  const minimum = settingOf(project.terms ?? [], 'minimum_otp_vsn');
  if (minimum === null || !/^\d+(\.\d+)*$/.test(minimum.text)) return managed;
  const because = evidence(project.file, minimum.line, 'erlang/minimum-otp-vsn');
  return [...managed, { raw: minimum.text, scheme: 'minimum', because }];
}

/** Packages that the catalogue knows, from the lock file; without one, the direct dependencies. */
function nativeNeeds({ native }: DetectContext, project: RebarProject): Need[] {
  const { folder, file, lock } = project;
  const found =
    lock === null
      ? dependenciesOf(project).map(({ name, line }) => ({
          name,
          version: null,
          because: evidence(file, line, 'erlang/dependency'),
        }))
      : lock.packages.map(({ name, version, line }) => ({
          name,
          version,
          because: evidence(lock.file, line, 'erlang/rebar-lock'),
        }));
  return nativeDependencies(native, 'hex', folder, found);
}

/** NIFs and ports are compiled from `c_src`: https://rebar3.org/docs/tutorials/building_cc/ */
function sourceOfC({ paths }: RebarProject): string | null {
  return paths.find((path) => /(^|\/)c_src\/[^/]+(\/[^/]+)*\.(c|cc|cpp|h)$/.test(path)) ?? null;
}

function unreadable({ file }: RebarProject): FindingNeed {
  return {
    kind: 'finding',
    code: 'unreadable-manifest',
    severity: 'error',
    message: `${file.path} holds no Erlang terms`,
    hint: 'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
    because: [presence(file.path, 'erlang/rebar-config')],
  };
}

function findingsOf({ inventory }: DetectContext, { folder, file, terms }: RebarProject): FindingNeed[] {
  const findings: FindingNeed[] = [];
  const script = fileIn(inventory, folder, 'rebar.config.script');
  if (script !== null) {
    findings.push({
      kind: 'finding',
      code: 'manifest-not-static',
      severity: 'info',
      message: `${script.path} changes the configuration when rebar3 runs: what it does is not seen`,
      hint: 'Name what is missing with "packages" and "versions" in nidify.jsonc.',
      because: [presence(script.path, 'erlang/rebar-config-script')],
    });
  }
  const pattern = ['require_otp_vsn', 'minimum_otp_vsn']
    .map((name) => settingOf(terms ?? [], name))
    .find((term) => term !== null && !/^\d+(\.\d+)*$/.test(term.text));
  if (pattern != null) {
    findings.push({
      kind: 'finding',
      code: 'version-not-understood',
      severity: 'info',
      message: `${file.path}:${pattern.line} names versions of Erlang/OTP by a pattern, which is not read`,
      hint: 'Write the least with minimum_otp_vsn, or name one with .tool-versions.',
      because: [evidence(file, pattern.line, 'erlang/require-otp-vsn')],
    });
  }
  return findings;
}
