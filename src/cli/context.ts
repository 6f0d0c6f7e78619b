import type { Io } from './io.ts';
import type { Stages } from './stages.ts';

/** What every command gets besides its own arguments. */
export interface Context {
  io: Io;
  stages: Stages;
  /** `-C DIR`: what relative paths are meant from; the working directory itself unless told. */
  base: string;
  quiet: boolean;
}
