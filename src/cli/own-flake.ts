/** What `build --own-flake` builds: an attribute of the repository's own flake, which is code of the repository. */
import { realpathSync } from 'node:fs';
import type { NixSettings } from '../build/nix.ts';
import type { BuiltFlake, OwnFlakeOptions } from '../build/own-flake.ts';
import type { Preview } from '../build/realise.ts';
import { buildConfigOf } from '../config/bounds.ts';
import { usage } from '../errors.ts';
import { directorySource } from '../scan/directory.ts';
import type { Context } from './context.ts';
import { type EnvironmentArguments, mirrorOf, previewTo, settingsOf } from './environment.ts';
import { withProgress } from './progress.ts';
import { lockOfRepository, type Repository } from './repository.ts';

export interface OwnFlakeArguments extends EnvironmentArguments {
  ownFlake?: boolean | undefined;
  attribute?: string | undefined;
}

/**
 * Options that go together, before anything is cloned.
 *
 * @throws NidifyError `usage` (exit 2)
 */
export function checkOwnFlake({ ownFlake, attribute, project, output, trustFiles }: OwnFlakeArguments): void {
  if (ownFlake !== true) {
    if (attribute === undefined) return;
    throw usage(
      '`--attribute` goes with --own-flake',
      'The environment of a project is named with --project.',
    );
  }
  const other = Object.entries({ project, output, 'trust-files': trustFiles }).find(
    ([, value]) => value !== undefined,
  );
  if (other === undefined) return;
  throw usage(
    `\`--${other[0]}\` does not go with --own-flake`,
    'It is for what nidify generates; what is built of a flake of your own is named with --attribute.',
  );
}

export async function obtainOwnFlake(
  repository: Repository,
  args: OwnFlakeArguments,
  context: Context,
): Promise<{ built: BuiltFlake; settings: NixSettings }> {
  const options = await optionsOf(repository, args, context);
  const { buildOwnFlake } = await import('../build/own-flake.ts');
  const built = await withProgress(context, 'build', "building the repository's own flake", (tell) =>
    buildOwnFlake({ ...options, onStatus: tell, onPreview: previewTo(context) }),
  );
  return { built, settings: options.settings };
}

export async function previewOwnFlake(
  repository: Repository,
  args: OwnFlakeArguments,
  context: Context,
): Promise<{ attribute: string; preview: Preview }> {
  const options = await optionsOf(repository, args, context);
  const { previewOwnFlake: preview } = await import('../build/own-flake.ts');
  return withProgress(context, 'build', "evaluating the repository's own flake", (tell) =>
    preview({ ...options, onStatus: tell }),
  );
}

async function optionsOf(
  repository: Repository,
  args: OwnFlakeArguments,
  context: Context,
): Promise<OwnFlakeOptions> {
  const { io, stages } = context;
  const { attributePathOf } = await import('../build/own-flake.ts');
  const attribute = args.attribute === undefined ? null : attributePathOf(args.attribute);
  // Only for the nixpkgs whose shell tries the sandbox: what the plan asks for is not built.
  const plan = await withProgress(context, 'read', 'reading the repository', () =>
    stages.analyze(repository.directory, { locked: lockOfRepository(repository), signal: io.signal }),
  );
  const { mainInputOf } = await import('../build/build.ts');
  return {
    repository: realpathSync(repository.directory),
    attribute,
    input: mainInputOf(plan),
    settings: settingsOf(
      args,
      context,
      await buildConfigOf(directorySource(repository.directory), io.signal),
    ),
    mirror: await mirrorOf(io.env),
    provesAnew: args.prove === true,
  };
}
