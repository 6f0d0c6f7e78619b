/** Which projects the packages of a distribution are for. */
import { append } from '../../append.ts';
import { ancestors } from '../shared/tree.ts';
import type { CompilerNeed, DependencyNeed, Need, SystemPackageNeed } from '../types.ts';
import { compilers, ordinary } from './ordinary.ts';

/** Toolchains that stand for each other in images. */
const kin: readonly (readonly string[])[] = [
  ['node', 'bun', 'deno'],
  ['erlang', 'elixir', 'gleam'],
  ['dart', 'flutter'],
  ['terraform', 'opentofu'],
];

const maxProjects = 20;

/**
 * The needs, in which packages of a distribution are dependencies and compilers of projects: of the project in the
 * folder that they were stated for, else of those below it. Those of no project are left out, as are those that an
 * image of a language has which none of these projects is in.
 */
export function placed(needs: readonly Need[]): Need[] {
  const paths = new Set(needs.flatMap((need) => (need.kind === 'project' ? [need.path] : [])));
  const below = new Map<string, string[]>();
  for (const path of paths) {
    for (const folder of ancestors(path)) {
      const some = below.get(folder) ?? [];
      if (some.length < maxProjects) below.set(folder, [...some, path]);
    }
  }
  /** Of each toolchain the folders that have a project of it, and those above them. */
  const spoken = new Set(
    needs.flatMap((need) =>
      need.kind === 'toolchain' && need.optional !== true
        ? ancestors(need.project).map((folder) => spokenKey(need.id, folder))
        : [],
    ),
  );
  const known = new Map<string, DependencyNeed | CompilerNeed>();
  for (const need of needs) {
    if (need.kind !== 'system-package' || ordinary.has(need.name)) continue;
    const projects = paths.has(need.folder) ? [need.folder] : (below.get(need.folder) ?? []);
    for (const project of projects) {
      if (need.languages.length > 0 && !need.languages.some((id) => spoken.has(spokenKey(id, project))))
        continue;
      addTo(known, need, project);
    }
  }
  return [...needs.filter(({ kind }) => kind !== 'system-package'), ...known.values()];
}

function spokenKey(id: string, folder: string): string {
  return JSON.stringify([kin.find((each) => each.includes(id))?.[0] ?? id, folder]);
}

/** As many places as a reader wants to see for one package. */
const maxEvidence = 5;

function addTo(
  known: Map<string, DependencyNeed | CompilerNeed>,
  need: SystemPackageNeed,
  project: string,
): void {
  const isCompiler = compilers.has(need.name);
  const key = JSON.stringify([isCompiler ? null : need.name, project]);
  const before = known.get(key);
  if (before === undefined) {
    const because = [...need.because];
    known.set(
      key,
      isCompiler
        ? { kind: 'compiler', project, because }
        : { kind: 'dependency', ecosystem: 'apt', name: need.name, version: null, project, because },
    );
  } else if (before.because.length < maxEvidence) append(before.because, need.because);
}
