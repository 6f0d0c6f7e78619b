/** What `build`, `run`, `shell` and `image` have in common: from a repository to a built environment. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { BuildOptions, Built } from '../build/build.ts';
import { defaultNixSettings, type NixSettings } from '../build/nix.ts';
import type { Preview } from '../build/realise.ts';
import { buildConfigOf } from '../config/bounds.ts';
import type { Config } from '../config/schema.ts';
import { ExitCode, NidifyError } from '../errors.ts';
import { lockOf } from '../lock/make.ts';
import type { Plan } from '../plan/schema.ts';
import { environmentOf, refuseUnserved } from '../plan/served.ts';
import type { GeneratedFile } from '../render/types.ts';
import { directorySource } from '../scan/directory.ts';
import { check } from '../write/check.ts';
import { look, placeOf } from '../write/disk.ts';
import { lockedIn } from '../write/locked.ts';
import { boundsOf } from './bounds.ts';
import type { Context } from './context.ts';
import { withProgress } from './progress.ts';
import { outputOf, placingOf, type Repository, type Subject } from './repository.ts';
import { storeOf } from './store.ts';
import { dim, yellow } from './terminal/text.ts';

/** Options that say how an environment is built. */
export interface EnvironmentArguments extends Subject {
  output?: string | undefined;
  project?: string | undefined;
  store?: string | undefined;
  builders?: string | undefined;
  substituter?: string[] | undefined;
  trustedKey?: string[] | undefined;
  maxMemory?: string | undefined;
  prove?: boolean | undefined;
  trustFiles?: boolean | undefined;
  target?: 'auto' | 'nix' | 'container' | undefined;
}

/** What is to be built, before it is. */
export interface Prepared {
  plan: Plan;
  options: BuildOptions;
}

/**
 * Analyses, checks the files, and builds.
 *
 * @param change what is built instead of what the files say
 */
export async function obtain(
  repository: Repository,
  args: EnvironmentArguments,
  context: Context,
  change: (prepared: Prepared) => Promise<Prepared> = async (prepared) => prepared,
): Promise<Prepared & { built: Built }> {
  const prepared = await change(await prepare(repository, args, context));
  return { ...prepared, built: await buildPrepared(prepared, context) };
}

/** Builds one environment, saying beforehand what has to be done and meanwhile what is. */
export async function buildPrepared({ plan, options }: Prepared, context: Context): Promise<Built> {
  const { build } = await import('../build/build.ts');
  const which = options.environment === 'default' ? '' : ` ${options.environment}`;
  return withProgress(context, 'build', `building the environment${which}`, (tell) =>
    build(plan, { ...options, onStatus: tell, onPreview: previewTo(context) }),
  );
}

/** The plan, the files that would be built, and how. */
export async function prepare(
  repository: Repository,
  args: EnvironmentArguments,
  context: Context,
): Promise<Prepared> {
  const { io, stages } = context;
  const directory = outputOf(repository, args.output, context);
  const place = repository.isClone ? { directory } : { directory, repository: repository.directory };
  const plan = await withProgress(context, 'read', 'reading the repository', () =>
    stages.analyze(repository.directory, {
      locked: lockedIn(directory, place.repository),
      ...(args.target === undefined ? {} : { target: args.target }),
      signal: io.signal,
    }),
  );
  refuseUnserved(plan);
  const rendered = await stages.render(plan, [], placingOf(repository, directory));
  const files = repository.isClone ? rendered : await chosenFiles(plan, rendered, place, args, context);
  return { plan, options: await buildOptionsOf(plan, files, repository, args, context) };
}

/** How an environment of the plan is built. */
export async function buildOptionsOf(
  plan: Plan,
  files: readonly GeneratedFile[],
  { directory }: Repository,
  args: EnvironmentArguments,
  context: Context,
): Promise<BuildOptions> {
  const { io } = context;
  return {
    repository: realpathSync(directory),
    files,
    environment: environmentOf(plan, args.project),
    settings: settingsOf(args, context, await buildConfigOf(directorySource(directory), io.signal)),
    mirror: await mirrorOf(io.env),
    provesAnew: args.prove === true,
  };
}

/** The mirror of nixpkgs that the environment names. */
export async function mirrorOf(env: NodeJS.ProcessEnv): Promise<string | null> {
  if (!env.NIDIFY_TARBALL_URL) return null;
  const { sourcesFrom } = await import('../update/sources.ts');
  return sourcesFrom(env).tarballs;
}

/**
 * What is built is what nidify writes, whether it has been written or not. Files that a person edited are code
 * of the repository: they are evaluated only when that is asked for.
 */
async function chosenFiles(
  plan: Plan,
  rendered: readonly GeneratedFile[],
  place: { directory: string; repository?: string },
  { trustFiles }: EnvironmentArguments,
  context: Context,
): Promise<readonly GeneratedFile[]> {
  const { builtFiles } = await import('../build/build.ts');
  const { changes } = await check(rendered, { ...place, lock: lockOf(plan, rendered) });
  const folder = plan.container?.folder;
  const ofImage = rendered.filter(({ path: name }) => folder !== undefined && name.startsWith(`${folder}/`));
  // Not every project has services to start; files as they stand may yet import what starts them.
  const isThere = (name: string) =>
    rendered.some((each) => each.path === name) ||
    (trustFiles === true && existsSync(path.join(place.directory, name)));
  const used = [...builtFiles.filter(isThere), ...ofImage.map(({ path: name }) => name)];
  const differing = changes.filter(({ path: name }) => used.includes(name));
  const named = (state: string) => differing.filter((each) => each.state === state).map((each) => each.path);
  if (trustFiles === true) return used.map((name) => fileOf(place, name));
  const edited = named('edited');
  if (edited.length > 0) {
    throw new NidifyError({
      code: 'files-edited',
      message: `${edited.join(', ')}: edited since nidify wrote it`,
      hint: 'To build the files as they are, where you trust them: --trust-files. To have them written anew: `nidify generate --force`.',
      exitCode: ExitCode.refused,
    });
  }
  const say = (text: string) => {
    if (!context.quiet) context.io.err([[yellow('note:'), `  ${text}`]]);
  };
  if (named('stale').length > 0) {
    say(
      `${named('stale').join(', ')}: out of date. Built is what the repository asks for now; \`nidify\` writes it.`,
    );
  }
  if (named('foreign').length > 0) {
    say(`${named('foreign').join(', ')}: not nidify's, and not evaluated. Built is what nidify would write.`);
  }
  return rendered;
}

function fileOf(
  { directory, repository }: { directory: string; repository?: string },
  name: string,
): GeneratedFile {
  const found = look(placeOf(directory, repository), name);
  const content = found.kind === 'file' ? found.content : null;
  if (content !== null) return { path: name, text: content.toString('utf8'), mode: 0o644 };
  throw new NidifyError({
    code: 'files-missing',
    message: `${path.join(directory, name)} is no file that can be read`,
    hint: '`nidify generate` writes it.',
    exitCode: ExitCode.usage,
  });
}

/** How Nix is to be asked. */
export function settingsOf(
  args: EnvironmentArguments,
  { io, base }: Context,
  config: Config['build'],
): NixSettings {
  return {
    ...defaultNixSettings,
    store: args.store === undefined ? null : storeOf(args.store, base),
    builders: args.builders ?? null,
    substituters: args.substituter ?? [],
    trustedKeys: args.trustedKey ?? [],
    ...boundsOf(args, io.env, config, defaultNixSettings),
    signal: io.signal,
  };
}

/** Says beforehand what a build will do. */
export function previewTo({ io, quiet }: Context): (preview: Preview) => void {
  return (preview) => {
    const text = previewText(preview);
    if (text !== null && !quiet) io.err([[dim(text)]]);
  };
}

/** One line about what a build will do; null when it is nothing. */
export function previewText({ build, fetch, size }: Preview): string | null {
  const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;
  const parts = [
    ...(fetch.length === 0
      ? []
      : [`to fetch: ${counted(fetch.length, 'path', 'paths')}${size === null ? '' : ` (${size})`}`]),
    ...(build.length === 0 ? [] : [`to build: ${counted(build.length, 'derivation', 'derivations')}`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}
