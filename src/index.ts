/**
 * nidify as a library: the functions behind the commands, typed and without global state.
 *
 * @packageDocumentation
 */
export { type AnalyzeOptions, analyze } from './analyze.ts';
export type { Config } from './config/schema.ts';
export { ExitCode, NidifyError } from './errors.ts';
export type * from './plan/schema.ts';
export { directorySource } from './scan/directory.ts';
export type { Entry, GitFacts, Inventory, Limits, Listing, ReadResult, Source } from './scan/types.ts';
