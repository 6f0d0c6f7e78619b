import { ExitCode } from '../../errors.ts';
import type { Context } from '../context.ts';
import { jsonSchema, type SchemaName } from '../schemas.ts';

/** Prints a JSON Schema. */
export async function schema({ name }: { name: SchemaName }, { io }: Context): Promise<ExitCode> {
  io.raw(jsonSchema(name));
  return ExitCode.done;
}
