import { ExitCode, NidifyError } from '../../errors.ts';
import { suggestion } from '../../text/nearest.ts';
import type { Context } from '../context.ts';
import { explanations } from '../explain/subjects.ts';
import { printResult } from '../json.ts';
import { withProgress } from '../progress.ts';
import { lockOfRepository, type Subject, withRepository } from '../repository.ts';
import { explanationView, subjectNames } from '../views/explanation.ts';

export interface ExplainArguments extends Subject {
  /** Without it everything is explained. */
  subject?: string | undefined;
  project?: string | undefined;
  json?: boolean | undefined;
}

/** Says why: evidence, decision, and what was decided against. */
export async function explain(args: ExplainArguments, context: Context): Promise<ExitCode> {
  const { io, stages } = context;
  return withRepository(args, context, async (repository) => {
    const { signal } = io;
    const locked = lockOfRepository(repository);
    const project = args.project ?? locked?.project;
    const options = { signal, ...(project === undefined ? {} : { project }) };
    const [plan, fresh] = await withProgress(context, 'read', 'reading the repository', async () => [
      await stages.analyze(repository.directory, { locked, ...options }),
      locked === null ? null : await stages.analyze(repository.directory, { locked: null, ...options }),
    ]);
    const all = explanations(plan, { catalogue: await stages.catalogue(), fresh });
    const wanted = args.subject?.toLowerCase();
    const found =
      wanted === undefined
        ? all
        : all.filter(({ names }) => names.some((name) => name.toLowerCase() === wanted));
    if (found.length === 0) throw unknownSubject(args.subject ?? '', subjectNames(all));
    if (args.json === true)
      printResult(io, {
        schemaVersion: 1,
        command: 'explain',
        exitCode: ExitCode.done,
        subjects: found,
      });
    // Each finding is a subject of its own: beside everything it would be told many times.
    else if (wanted === undefined)
      io.out(
        explanationView(
          found.map((each) => ({ ...each, findings: [] })),
          io.columns,
        ),
      );
    else io.out(explanationView(found, io.columns));
    return ExitCode.done;
  });
}

function unknownSubject(subject: string, names: readonly string[]): NidifyError {
  return new NidifyError({
    code: 'unknown-subject',
    message: `there is nothing named ${JSON.stringify(subject)} in this plan`,
    hint: suggestion(subject, names) ?? `It has ${names.slice(0, 20).join(', ')}.`,
    exitCode: ExitCode.usage,
  });
}
