/** The remote builders that Nix may use: which there are, and which of them are for a system. */
import path from 'node:path';
import { valueAt } from '../parse/value.ts';
import { type NixSettings, nixConfiguration } from './nix.ts';
import { textOf } from './state.ts';

/** A line of `builders` in nix.conf: https://nix.dev/manual/nix/latest/advanced-topics/distributed-builds */
export interface Builder {
  /** The line, for a `builders` of this builder alone. */
  line: string;
  /** Its store, as the line has it. */
  store: string;
  systems: string[];
  /** A derivation that does not ask for these features is not built there. */
  mandatoryFeatures: string[];
}

export interface Configured {
  builders: Builder[];
  /** Derivations that may be built on this machine at once; 0: none is. */
  localJobs: number;
}

/**
 * What Nix would use with these settings, as its own configuration says it. That of a daemon is not known: a
 * caller cannot ask for it.
 */
export async function configuredBuilders(settings: NixSettings, cwd: string): Promise<Configured> {
  const read = await nixConfiguration(settings, cwd);
  const text = valueAt(read, ['builders', 'value']);
  const jobs = valueAt(read, ['max-jobs', 'value']);
  return {
    builders: parseBuilders(typeof text === 'string' ? text : (settings.builders ?? '')),
    localJobs: typeof jobs === 'number' ? jobs : 1,
  };
}

const deepest = 8;

/** The value of `builders`: entries by semicolon or line, `@file` for a file of them, `#` for comments. */
export function parseBuilders(text: string, depth = 0): Builder[] {
  const entries = text.split(/[;\n]/).map((entry) => entry.replace(/#.*/, '').trim());
  return entries.flatMap((entry) => {
    if (entry === '') return [];
    if (!entry.startsWith('@')) return [builderOf(entry)];
    const file = entry.slice(1).trim();
    const inner = depth < deepest && path.isAbsolute(file) ? textOf(file) : null;
    return inner === null ? [] : parseBuilders(inner, depth + 1);
  });
}

/** Fields by blanks: store, systems, key, jobs, speed, features, mandatory features, host key; `-` is none. */
function builderOf(line: string): Builder {
  const fields = line.split(/\s+/);
  const list = (at: number) => {
    const field = fields[at] ?? '-';
    return field === '-' ? [] : field.split(',').filter((each) => each !== '');
  };
  return { line, store: fields[0] ?? '', systems: list(1), mandatoryFeatures: list(6) };
}

/** Those that a derivation of this system can go to. A line without systems is for the machine's own. */
export function buildersFor(builders: readonly Builder[], system: string): Builder[] {
  return builders.filter(({ systems }) => systems.length === 0 || systems.includes(system));
}
