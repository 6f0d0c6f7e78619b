import { ExitCode } from '../../errors.ts';
import { lockOf } from '../../lock/make.ts';
import { check as compare } from '../../write/check.ts';
import { lockedIn } from '../../write/locked.ts';
import type { Context } from '../context.ts';
import { integrationsKept } from '../integrations.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { outputOf, placingOf, type Subject, withRepository } from '../repository.ts';
import { checkView } from '../views/checked.ts';

export interface CheckArguments extends Subject {
  output?: string | undefined;
  strict?: boolean | undefined;
  project?: string | undefined;
  json?: boolean | undefined;
}

/** Says whether the generated files are what the repository asks for. */
export async function check(args: CheckArguments, context: Context): Promise<ExitCode> {
  const { io, stages } = context;
  return withRepository(args, context, async (repository) => {
    const directory = outputOf(repository, args.output, context);
    const place = { directory, repository: repository.directory };
    const locked = lockedIn(directory, repository.directory);
    const plan = await withProgress(context, 'read', 'reading the repository', () =>
      stages.analyze(repository.directory, {
        locked,
        ...(args.project === undefined ? {} : { project: args.project }),
        signal: io.signal,
      }),
    );
    const kept = integrationsKept(locked, repository, directory);
    const files = await stages.render(plan, kept, placingOf(repository, directory));
    const result = await compare(files, { ...place, lock: lockOf(plan, files) });
    const isCurrent = result.isCurrent && !(args.strict === true && result.generator !== null);
    const exitCode = isCurrent ? ExitCode.done : ExitCode.no;
    if (args.json === true) {
      const { changes, inputs, generator } = result;
      printResult(io, {
        schemaVersion: 1,
        command: 'check',
        exitCode,
        current: isCurrent,
        changes,
        inputs,
        generator,
      });
    } else if (!(context.quiet && isCurrent)) {
      io.out(checkView(result, isCurrent, args.directory ?? '.', io.columns));
    }
    return exitCode;
  });
}
