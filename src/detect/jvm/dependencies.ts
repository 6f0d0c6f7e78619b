/** What a project depends on, and what of it needs something native. */
import type { ClaimedFile } from '../../scan/types.ts';
import { dependenciesOf } from '../dependencies/read.ts';
import type { DeclaredDependency } from '../dependencies/types.ts';
import { evidence } from '../evidence.ts';
import type { DependencyNeed, DetectContext } from '../types.ts';

export type JvmDependency = DeclaredDependency & { file: ClaimedFile };

/** A parent is a manifest of each of its modules: it is read once. */
const known = new WeakMap<ClaimedFile, Promise<JvmDependency[]>>();

function dependenciesOnce(file: ClaimedFile): Promise<JvmDependency[]> {
  let found = known.get(file);
  if (found === undefined) {
    found = dependenciesOf(file).then((all) => all.map((each) => ({ ...each, file })));
    known.set(file, found);
  }
  return found;
}

/** Dependencies of some manifests, in their order. */
export async function dependenciesIn(files: readonly ClaimedFile[]): Promise<JvmDependency[]> {
  const all = await Promise.all(files.map(dependenciesOnce));
  return all.flat();
}

/** Dependencies that the catalogue knows to need something native, each once. */
export function nativeNeeds(
  { native }: DetectContext,
  project: string,
  dependencies: readonly JvmDependency[],
): DependencyNeed[] {
  const seen = new Set<string>();
  return dependencies.flatMap(({ name, file, line }) => {
    if (!native.maven.has(name) || seen.has(name)) return [];
    seen.add(name);
    const because = [evidence(file, line(), 'java/dependency')];
    return [{ kind: 'dependency', ecosystem: 'maven', name, version: null, project, because }];
  });
}
