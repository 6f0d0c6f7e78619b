/** `deno.json`: https://docs.deno.com/runtime/fundamentals/configuration/ */
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseJsonFile } from '../shared/parsed.ts';

export interface DenoConfig {
  file: ClaimedFile;
  folder: string;
  value: unknown;
}

export async function readConfig(file: ClaimedFile, folder: string): Promise<DenoConfig> {
  const document = await parseJsonFile(file, { comments: true });
  return { file, folder, value: document?.value ?? {} };
}

/** Task names with their command lines; a task may be an object with a `command`. */
export function tasksOf({ value }: DenoConfig): Map<string, string> {
  const tasks = new Map<string, string>();
  for (const [name, task] of entriesAt(value, ['tasks'])) {
    const command = isRecord(task) ? stringAt(task, ['command']) : task;
    if (typeof command === 'string') tasks.set(name, command);
    else if (isRecord(task)) tasks.set(name, '');
  }
  return tasks;
}

/** What `imports` maps to, of the configuration and of its import map: `jsr:@fresh/core@^2`, `npm:sharp`. */
export function importsOf(value: unknown): [string, string][] {
  return entriesAt(value, ['imports']).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
}

const npmSpecifier = /^npm:\/?(?<name>(@[^/@\s]+\/)?[^/@\s]+)(@(?<version>[^/\s]+))?/;

/** Name of the npm package that an import stands for. */
export function npmPackage(target: string): string | null {
  return npmSpecifier.exec(target.slice(0, 512))?.groups?.name ?? null;
}

/** npm packages that a lock file holds, as name and version: `sharp@0.33.0` or `a@1.0.0_b@2.0.0`. */
export function lockedNpm(value: unknown): { key: string; name: string; version: string }[] {
  const direct = valueAt(value, ['npm']);
  // Version 3 and below keep them one level deeper.
  const packages = isRecord(valueAt(direct, ['packages']))
    ? valueAt(direct, ['packages'])
    : (direct ?? valueAt(value, ['packages', 'npm']));
  return entriesAt({ packages }, ['packages']).flatMap(([key]) => {
    const { name, version } =
      /^(?<name>(@[^/@\s]+\/)?[^/@\s]+)@(?<version>[^_\s]+)/.exec(key.slice(0, 512))?.groups ?? {};
    return name === undefined || version === undefined ? [] : [{ key, name, version }];
  });
}
