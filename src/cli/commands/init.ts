import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { template } from '../../config/template.ts';
import { ExitCode, NidifyError } from '../../errors.ts';
import { version } from '../../version.ts';
import type { Context } from '../context.ts';
import { printResult } from '../json.ts';
import { ownRepository } from '../repository.ts';
import { green } from '../terminal/text.ts';

export interface InitArguments {
  directory?: string | undefined;
  json?: boolean | undefined;
}

const fileName = 'nidify.jsonc';

/** Writes a `nidify.jsonc` in which every setting stands as a comment. */
export async function init(args: InitArguments, context: Context): Promise<ExitCode> {
  const { io } = context;
  const { directory } = ownRepository(args.directory, context);
  const target = path.join(directory, fileName);
  try {
    // "wx" neither overwrites nor follows a link.
    writeFileSync(target, template(version), { flag: 'wx' });
  } catch (cause) {
    throw refusal(target, cause);
  }
  if (args.json === true) {
    printResult(io, { schemaVersion: 1, command: 'init', exitCode: ExitCode.done, path: target });
  } else if (!context.quiet) {
    io.out([
      [green('created'), `  ${path.relative(io.cwd, target)}`],
      ['Everything in it is a comment: say only what nidify gets wrong.'],
    ]);
  }
  return ExitCode.done;
}

function refusal(target: string, cause: unknown): NidifyError {
  const isThere = existsSync(target);
  return new NidifyError({
    code: isThere ? 'would-overwrite' : 'not-accessible',
    message: isThere ? `${fileName} is there already` : `${fileName} could not be written: ${String(cause)}`,
    hint: isThere
      ? 'Edit it; `nidify schema config` prints everything that is allowed.'
      : 'Give yourself permission to write there.',
    exitCode: ExitCode.refused,
    cause,
  });
}
