import type { Claims } from './types.ts';

export type ClaimKind = 'content' | 'lock' | 'presence' | 'hint';

/** One look-up for all claims of all ecosystems. */
export function claimMatcher(all: readonly Claims[]): (path: string) => ClaimKind | null {
  const names = new Map<string, ClaimKind>();
  const endings = new Set<string>();
  const suffixes = new Map<string, string[]>();
  const hints = { names: new Set<string>(), endings: new Set<string>(), folders: new Set<string>() };
  for (const claims of all) {
    for (const name of claims.presence ?? []) if (!names.has(name)) names.set(name, 'presence');
    for (const name of claims.names ?? []) names.set(name, 'content');
    for (const name of claims.locks ?? []) names.set(name, 'lock');
    for (const ending of claims.endings ?? []) endings.add(ending);
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
    return byName ?? (isHint ? 'hint' : null);
  };
}
