import { evidence, presence } from '../evidence.ts';
import { nativeDependencies } from '../shared/native.ts';
import { isSideFolder } from '../shared/tree.ts';
import type { Detect, DetectContext, FindingNeed, Need } from '../types.ts';
import { mixCommands } from './commands.ts';
import { declaration, type MixProject, mixProjects } from './projects.ts';
import { elixirRequests, erlangRequests } from './requests.ts';
import { serviceNeeds } from './services.ts';

/**
 * Elixir: every Mix project is a project, the applications of an umbrella too. Examples and tests count only where
 * there is nothing else, and then as optional.
 */
export const detectElixir: Detect = async (context) => {
  const all = mixProjects(context);
  const main = all.filter(({ folder }) => !isSideFolder(folder));
  const needs = await Promise.all(main.map((project) => needsOf(context, project)));
  const [side] = all;
  if (main.length === 0 && side !== undefined) {
    needs.push(await toolchainNeeds(context, side, { optional: true }));
  }
  return needs.flat();
};

/** Elixir, and the Erlang/OTP that it runs on and that compiles what is written in Erlang. */
async function toolchainNeeds(
  { inventory }: DetectContext,
  { folder, file, mix }: MixProject,
  more: { optional?: true } = {},
): Promise<Need[]> {
  const because = [evidence(file, mix.line, 'elixir/mix-exs')];
  const requests = await elixirRequests(inventory, folder, file, mix);
  return [
    { kind: 'toolchain', id: 'elixir', project: folder, requests, because, ...more },
    {
      kind: 'toolchain',
      id: 'erlang',
      project: folder,
      requests: await erlangRequests(inventory, folder, requests),
      because,
      ...more,
    },
  ];
}

async function needsOf(context: DetectContext, project: MixProject): Promise<Need[]> {
  const { folder, file, mix, lock, nativeSource } = project;
  const because = [evidence(file, mix.line, 'elixir/mix-exs')];
  const isPhoenix = usesPhoenix(project);
  return [
    ...(await toolchainNeeds(context, project)),
    {
      kind: 'package-manager',
      id: 'mix',
      project: folder,
      requests: [],
      lockfile: lock?.file.path ?? null,
      because: lock === null ? because : [...because, presence(lock.file.path, 'elixir/mix-lock')],
    },
    ...nativeNeeds(context, project),
    ...(nativeSource === null
      ? []
      : [
          {
            kind: 'compiler' as const,
            project: folder,
            because: [presence(nativeSource, 'elixir/c-source')],
          },
        ]),
    ...serviceNeeds(project),
    {
      kind: 'project',
      path: folder,
      name: mix.app,
      languages: ['elixir'],
      frameworks: isPhoenix ? ['phoenix'] : [],
      packageManager: 'mix',
      commands: mixCommands(context.inventory, project, { isPhoenix }),
      // https://hexdocs.pm/phoenix/up_and_running.html
      ports: isPhoenix ? [4000] : [],
      because,
    },
    ...findingsOf(project),
  ];
}

/** A dependency on Phoenix itself: libraries of its makers (`phoenix_pubsub`) are used elsewhere too. */
function usesPhoenix(project: MixProject): boolean {
  if (project.mix.isPackage) return false;
  if (declaration(project, 'phoenix') !== null) return true;
  return !project.mix.isRead && (project.lock?.packages.some(({ name }) => name === 'phoenix') ?? false);
}

/** Packages that the catalogue knows, from the lock file; without one, the direct dependencies. */
function nativeNeeds(
  { native }: DetectContext,
  { folder, file, mix, lock, isApplication }: MixProject,
): Need[] {
  if (lock !== null && isApplication) return [];
  const found =
    lock === null
      ? mix.dependencies.map(({ name, line }) => ({
          name,
          version: null,
          because: evidence(file, line, 'elixir/dependency'),
        }))
      : lock.packages.map(({ name, version, line }) => ({
          name,
          version,
          because: evidence(lock.file, line, 'elixir/mix-lock'),
        }));
  return nativeDependencies(native, 'hex', folder, found);
}

function findingsOf({ file, mix }: MixProject): FindingNeed[] {
  if (!mix.isRead) {
    return [
      {
        kind: 'finding',
        code: 'manifest-not-static',
        severity: 'info',
        message: `no project can be read from ${file.path} without running it`,
        hint: 'Name the versions with .tool-versions, or with "versions" in nidify.jsonc.',
        because: [presence(file.path, 'elixir/mix-exs')],
      },
    ];
  }
  if (mix.elixir?.text !== null) return [];
  return [
    {
      kind: 'finding',
      code: 'version-not-understood',
      severity: 'info',
      message: `${file.path}:${mix.elixir.line} computes which Elixir it needs`,
      hint: 'Name the version with .tool-versions, or with "versions" in nidify.jsonc.',
      because: [evidence(file, mix.elixir.line, 'elixir/mix-exs')],
    },
  ];
}
