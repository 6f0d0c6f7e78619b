import { ExitCode } from '../../errors.ts';
import { clean as remove } from '../../write/clean.ts';
import type { Context } from '../context.ts';
import { printResult } from '../json.ts';
import { outputOf, ownRepository } from '../repository.ts';
import { table } from '../terminal/table.ts';
import { dim, type Line, red, yellow } from '../terminal/text.ts';

export interface CleanArguments {
  directory?: string | undefined;
  output?: string | undefined;
  dryRun?: boolean | undefined;
  json?: boolean | undefined;
}

/** Removes exactly the generated files that nobody edited. */
export async function clean(args: CleanArguments, context: Context): Promise<ExitCode> {
  const { io } = context;
  const repository = ownRepository(args.directory, context);
  const directory = outputOf(repository, args.output, context);
  const dryRun = args.dryRun === true;
  const { removed, kept } = await remove({ directory, repository: repository.directory, dryRun });
  if (args.json === true) {
    printResult(io, { schemaVersion: 1, command: 'clean', exitCode: ExitCode.done, dryRun, removed, kept });
  } else if (!context.quiet) {
    io.out(view(removed, kept, dryRun, io.columns));
  }
  return ExitCode.done;
}

function view(removed: string[], kept: string[], dryRun: boolean, columns: number): Line[] {
  if (removed.length === 0 && kept.length === 0) return [[dim('There is nothing that nidify generated.')]];
  const rows: Line[][] = [
    ...removed.map((file) => [[red(dryRun ? 'would remove' : 'removed')], [file]]),
    ...kept.map((file) => [[yellow('kept')], [file, dim('  edited since')]]),
  ];
  return table(rows, { columns });
}
