import type { Claims } from './types.ts';

export type ClaimKind = 'content' | 'lock' | 'presence';

/** One look-up for all claims of all ecosystems. */
export function claimMatcher(all: readonly Claims[]): (path: string) => ClaimKind | null {
  const names = new Map<string, ClaimKind>();
  const endings = new Set<string>();
  const suffixes = new Map<string, string[]>();
  for (const claims of all) {
    for (const name of claims.presence ?? []) if (!names.has(name)) names.set(name, 'presence');
    for (const name of claims.names ?? []) names.set(name, 'content');
    for (const name of claims.locks ?? []) names.set(name, 'lock');
    for (const ending of claims.endings ?? []) endings.add(ending);
    for (const suffix of claims.suffixes ?? []) {
      const name = suffix.slice(suffix.lastIndexOf('/') + 1);
      suffixes.set(name, [...(suffixes.get(name) ?? []), suffix]);
    }
  }
  return (path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const byName = names.get(name);
    if (byName !== undefined && byName !== 'presence') return byName;
    const dot = name.lastIndexOf('.');
    if (dot !== -1 && endings.has(name.slice(dot))) return 'content';
    const candidates = suffixes.get(name);
    if (candidates?.some((suffix) => path === suffix || path.endsWith(`/${suffix}`))) return 'content';
    return byName ?? null;
  };
}
