import type { Plan } from '../../../plan/schema.ts';
import { type GivenOptions, readOptions } from '../../../worker/read-options.ts';
import { type Rendered, renderCluster } from '../../../worker/render.ts';
import type { ClusterOptions } from '../../../worker/types.ts';
import { isPinned } from '../../../worker/values.ts';
import type { Context } from '../../context.ts';
import { withProgress } from '../../progress.ts';
import { lockOfRepository, type Subject, withRepository } from '../../repository.ts';
import { yellow } from '../../terminal/text.ts';

export interface ClusterArguments extends Subject, GivenOptions {
  /** What the worker runs: the words after `--`. */
  command: readonly string[];
  json?: boolean | undefined;
}

export interface ClusterRendering {
  options: ClusterOptions;
  rendered: Rendered;
  /** What works, but not as well as it could. */
  warnings: string[];
}

/** Reads the repository and renders what a cluster needs; the plan says which profile and which image it is. */
export async function renderOf(args: ClusterArguments, context: Context): Promise<ClusterRendering> {
  const plan = await withRepository(args, context, (repository) =>
    withProgress(context, 'read', 'reading the repository', () =>
      context.stages.analyze(repository.directory, {
        locked: lockOfRepository(repository),
        signal: context.io.signal,
      }),
    ),
  );
  return renderPlan(args, plan);
}

function renderPlan(args: ClusterArguments, plan: Plan): ClusterRendering {
  const options = readOptions(args, plan, args.command);
  return { options, rendered: renderCluster(options), warnings: warningsOf(options, args.image) };
}

function warningsOf({ build, worker, repository }: ClusterOptions, image: string | undefined): string[] {
  return [
    ...(build !== null && !repository.startsWith('https://')
      ? [`${repository} is cloned over ssh, for which the build has no key: give --repository https://…`]
      : []),
    ...(build?.isolation === 'single-id'
      ? [
          "with --isolation single-id /proc is masked, so that Nix's sandbox cannot start in the pod: the builder's image has to name a store elsewhere (NIX_REMOTE)",
        ]
      : []),
    ...(build !== null && !isPinned(build.image)
      ? [`--builder-image ${build.image} has no digest: it may be another image tomorrow`]
      : []),
    ...(worker !== null && image !== undefined && !isPinned(image)
      ? [`--image ${image} has no digest: it may be another image tomorrow`]
      : []),
  ];
}

export function tellWarnings(warnings: readonly string[], { io, quiet }: Context): void {
  if (!quiet) io.err(warnings.map((warning) => [yellow('warning'), ' ', warning]));
}
