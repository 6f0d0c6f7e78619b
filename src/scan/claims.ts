import type { Claims } from './types.ts';

export type ClaimKind = 'content' | 'lock' | 'presence' | 'hint';

/** One look-up for all claims of all ecosystems. */
export function claimMatcher(all: readonly Claims[]): (path: string) => ClaimKind | null {
  const names = new Map<string, ClaimKind>();
  const endings = new Set<string>();
  const presenceEndings = new Set<string>();
  const suffixes = new Map<string, string[]>();
  const hints = { names: new Set<string>(), endings: new Set<string>(), folders: new Set<string>() };
  for (const claims of all) {
    for (const name of claims.presence ?? []) if (!names.has(name)) names.set(name, 'presence');
    for (const name of claims.names ?? []) names.set(name, 'content');
    for (const name of claims.locks ?? []) names.set(name, 'lock');
    for (const ending of claims.endings ?? []) endings.add(ending);
    for (const ending of claims.presenceEndings ?? []) presenceEndings.add(ending);
    for (const suffix of claims.suffixes ?? []) {
      const name = suffix.slice(suffix.lastIndexOf('/') + 1);
      suffixes.set(name, [...(suffixes.get(name) ?? []), suffix]);
    }
    for (const name of claims.hints?.names ?? []) hints.names.add(name);
    for (const ending of claims.hints?.endings ?? []) hints.endings.add(ending);
    for (const folder of claims.hints?.folders ?? []) hints.folders.add(folder);
  }
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const byName = names.get(name);
    if (byName !== undefined && byName !== 'presence') return byName;
    const dot = name.lastIndexOf('.');
    if (dot !== -1 && endings.has(name.slice(dot))) return 'content';
    const candidates = suffixes.get(name);
    if (candidates?.some((suffix) => path === suffix || path.endsWith(`/${suffix}`))) return 'content';
    const isHint =
      hints.names.has(name) ||
      (dot !== -1 && hints.endings.has(name.slice(dot))) ||
      hints.folders.has(path.slice(0, Math.max(0, path.length - name.length - 1)));
    if (byName !== undefined || isHint) return byName ?? 'hint';
    return dot !== -1 && presenceEndings.has(name.slice(dot)) ? 'presence' : null;
  };
}

/** Which of the claims want a path, by their position: one table, however many ecosystems there are. */
export function claimants(all: readonly Claims[]): (path: string) => readonly number[] {
  const names = new Map<string, number[]>();
  const endings = new Map<string, number[]>();
  const folders = new Map<string, number[]>();
  const suffixes = new Map<string, { suffix: string; at: number }[]>();
  for (const [at, { hints, ...claims }] of all.entries()) {
    const exact = [claims.names, claims.locks, claims.presence, hints?.names];
    for (const list of exact) for (const name of list ?? []) push(names, name, at);
    for (const list of [claims.endings, claims.presenceEndings, hints?.endings])
      for (const each of list ?? []) push(endings, each, at);
    for (const folder of hints?.folders ?? []) push(folders, folder, at);
    for (const suffix of claims.suffixes ?? [])
      push(suffixes, suffix.slice(suffix.lastIndexOf('/') + 1), { suffix, at });
  }
  return (path) => {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const dot = name.lastIndexOf('.');
    const long = (suffixes.get(name) ?? []).filter(
      ({ suffix }) => path === suffix || path.endsWith(`/${suffix}`),
    );
    return [
      ...(names.get(name) ?? []),
      ...((dot === -1 ? undefined : endings.get(name.slice(dot))) ?? []),
      ...(folders.get(path.slice(0, Math.max(0, slash))) ?? []),
      ...long.map(({ at }) => at),
    ];
  };
}

function push<T>(table: Map<string, T[]>, key: string, value: T): void {
  const known = table.get(key);
  if (known === undefined) table.set(key, [value]);
  else known.push(value);
}
