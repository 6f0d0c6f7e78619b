import type { Io } from './io.ts';
import type { Stages } from './stages.ts';

export type ProgressMode = 'auto' | 'plain' | 'json';

/** What every command gets besides its own arguments. */
export interface Context {
  io: Io;
  stages: Stages;
  /** `-C DIR`: what relative paths are meant from; the working directory itself unless told. */
  base: string;
  quiet: boolean;
  /** How what takes long is shown: `auto` unless told. */
  progress?: ProgressMode;
}
