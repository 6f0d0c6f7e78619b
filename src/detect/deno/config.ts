/** `deno.json`: https://docs.deno.com/runtime/fundamentals/configuration/ */

import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { parseJsonFile } from '../shared/parsed.ts';

export interface DenoConfig {
  file: ClaimedFile;
  value: unknown;
  line: ParsedDocument['line'];
}

/** A configuration, or an import map; an empty one where it cannot be parsed. */
export async function readConfig(file: ClaimedFile): Promise<DenoConfig> {
  const document = await parseJsonFile(file, { comments: true });
  return { file, value: document?.value ?? {}, line: (path) => document?.line(path) ?? null };
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

/** One entry of `imports`, such as `sharp` → `npm:sharp@^0.33`. */
export interface Import {
  name: string;
  target: string;
  from: DenoConfig;
}

/** What `imports` maps to, of a configuration or of its import map. */
export function importsOf(from: DenoConfig): Import[] {
  return entriesAt(from.value, ['imports']).flatMap(([name, target]) =>
    typeof target === 'string' ? [{ name, target, from }] : [],
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
