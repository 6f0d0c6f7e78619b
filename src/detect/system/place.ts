/** Which projects the packages of a distribution are for. */
import { isBelow } from '../shared/tree.ts';
import type { CompilerNeed, DependencyNeed, Need, SystemPackageNeed, ToolchainNeed } from '../types.ts';
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
  const paths = [...new Set(needs.flatMap((need) => (need.kind === 'project' ? [need.path] : [])))];
  const toolchains = needs.filter(
    (need): need is ToolchainNeed => need.kind === 'toolchain' && need.optional !== true,
  );
  const speaks = (id: string, path: string) => {
    const ids = kin.find((each) => each.includes(id)) ?? [id];
    return toolchains.some((each) => ids.includes(each.id) && isBelow(each.project, path));
  };
  const known = new Map<string, DependencyNeed | CompilerNeed>();
  for (const need of needs) {
    if (need.kind !== 'system-package' || ordinary.has(need.name)) continue;
    const projects = paths.includes(need.folder)
      ? [need.folder]
      : paths.filter((path) => isBelow(path, need.folder)).slice(0, maxProjects);
    for (const project of projects) {
      if (need.languages.length > 0 && !need.languages.some((id) => speaks(id, project))) continue;
      addTo(known, need, project);
    }
  }
  return [...needs.filter(({ kind }) => kind !== 'system-package'), ...known.values()];
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
  } else if (before.because.length < maxEvidence) before.because.push(...need.because);
}
