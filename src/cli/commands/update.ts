import { ExitCode } from '../../errors.ts';
import type { Context } from '../context.ts';

export interface UpdateArguments {
  directory?: string | undefined;
  output?: string | undefined;
  dryRun?: boolean | undefined;
  force?: boolean | undefined;
  timeout?: string | undefined;
  json?: boolean | undefined;
}

export async function update(_args: UpdateArguments, _context: Context): Promise<ExitCode> {
  return ExitCode.done;
}
