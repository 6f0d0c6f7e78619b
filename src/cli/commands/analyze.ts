import { ExitCode } from '../../errors.ts';
import { lockFileName } from '../../lock/types.ts';
import { plainPaths } from '../../render/paths.ts';
import type { Context } from '../context.ts';
import { withProgress } from '../progress.ts';
import { lockOfRepository, type Subject, withRepository } from '../repository.ts';

export interface AnalyzeArguments extends Subject {
  project?: string | undefined;
  json?: boolean | undefined;
}

/** Prints what a repository needs: the plan for machines, tables for people. */
export async function analyze(args: AnalyzeArguments, context: Context): Promise<ExitCode> {
  const { io, stages } = context;
  return withRepository(args, context, async (repository) => {
    const plan = await withProgress(context, 'read', 'reading the repository', () =>
      stages.analyze(repository.directory, {
        locked: lockOfRepository(repository),
        ...(args.project === undefined ? {} : { project: args.project }),
        signal: io.signal,
      }),
    );
    if (args.json === true) {
      io.raw(`${JSON.stringify(plan, null, 2)}\n`);
    } else {
      const written = plainPaths(plan) ?? (await stages.render(plan)).map((file) => file.path);
      const paths = [...written, lockFileName];
      const { analysisView } = await import('../views/analysis.ts');
      io.out(analysisView(plan, paths, io.columns));
    }
    return ExitCode.done;
  });
}
