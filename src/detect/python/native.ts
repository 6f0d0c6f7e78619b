/** Dependencies of which the catalogue knows that they need more than their own package. */
import { entriesAt, stringAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { nameOf } from '../shared/tree.ts';
import type { DependencyNeed } from '../types.ts';
import { packagesOfExtras } from './extras.ts';
import { scanLock } from './locks.ts';
import { lockIds, lockNames, type Manifests } from './manifests.ts';
import { canApply } from './markers.ts';
import { normalName } from './names.ts';
import type { Project } from './project.ts';

interface Locked {
  version: string | null;
  isLocal: boolean;
  because(): Evidence;
}

/** At most so many places are named for one dependency. */
const maxEvidence = 4;

/**
 * A need for each name that the catalogue has a row for: declared, brought by an extra, or locked. A
 * member of a workspace answers for what it declares, the root for all that is locked.
 *
 * @param known names that the catalogue has rows for
 * @param builds whether the project compiles native code: then it needs what its own package is known to need
 */
export async function dependencyNeeds(
  project: Project,
  known: ReadonlySet<string>,
  builds: boolean,
): Promise<DependencyNeed[]> {
  const locked = await lockedPackages(project);
  const found = new Map<string, { version: string | null; because: (() => Evidence)[] }>();
  const add = (name: string, version: string | null, because: () => Evidence) => {
    if (!known.has(name)) return;
    const entry = found.get(name) ?? { version: null, because: [] };
    entry.version ??= version;
    entry.because.push(because);
    found.set(name, entry);
  };
  for (const { name, extras, version, because } of project.declared) {
    add(name, version, because);
    for (const brought of packagesOfExtras(name, extras)) add(brought, null, because);
  }
  for (const name of project.root === null ? locked.keys() : [...found.keys()]) {
    const entry = locked.get(name);
    if (entry === undefined || entry.isLocal) continue;
    const named = found.get(name);
    if (named !== undefined) named.version = entry.version ?? named.version;
    add(name, entry.version, entry.because);
  }
  const own = project.because[0];
  if (builds && project.name !== null && own !== undefined) add(normalName(project.name), null, () => own);
  const constrained = constraintsOf(project);
  return [...found].map(([name, { version, because }]) => ({
    kind: 'dependency',
    ecosystem: 'pypi',
    name,
    version: version ?? constrained.get(name) ?? null,
    project: project.folder,
    because: places(because.slice(0, 2 * maxEvidence).map((make) => make())),
  }));
}

/** Each place once: a file that another includes may be read for itself too. */
function places(all: readonly Evidence[]): Evidence[] {
  return all
    .filter(
      ({ file, line }, at) => all.findIndex((other) => other.file === file && other.line === line) === at,
    )
    .slice(0, maxEvidence);
}

/** Constraints give versions to what something else asks for: https://pip.pypa.io/en/stable/user_guide/#constraints-files */
function constraintsOf({ requirements }: Project): Map<string, string> {
  const versions = new Map<string, string>();
  for (const line of requirements.flatMap(({ constraints }) => constraints)) {
    if (line.kind === 'requirement' && line.requirement.version !== null) {
      versions.set(line.requirement.name, line.requirement.version);
    }
  }
  return versions;
}

async function lockedPackages({ manager, manifests, root }: Project): Promise<Map<string, Locked>> {
  const file = lockOf(root ?? manifests, manager.lockfile);
  if (file === null) return new Map();
  return nameOf(file.path) === lockNames.pipenv ? fromPipfileLock(file) : fromToml(file);
}

function lockOf({ locks }: Manifests, path: string | null): ClaimedFile | null {
  return [...locks.values()].find((file) => file.path === path) ?? null;
}

const read = new WeakMap<ClaimedFile, Map<string, Locked>>();

/** The first version of a name: forks for other systems or interpreters come after it. */
function fromToml(file: ClaimedFile): Map<string, Locked> {
  let found = read.get(file);
  if (found !== undefined) return found;
  found = new Map();
  read.set(file, found);
  const rule = `python/${lockRule(file)}`;
  for (const { name, version, line, isLocal } of scanLock(file).packages) {
    if (!found.has(name)) found.set(name, { version, isLocal, because: () => evidence(file, line, rule) });
  }
  return found;
}

function lockRule(file: ClaimedFile): string {
  const id = lockIds.find((each) => lockNames[each] === nameOf(file.path));
  return `${id ?? 'other'}-lock`;
}

/** https://pipenv.pypa.io/en/latest/pipfile.html#pipfile-lock-security-features */
async function fromPipfileLock(file: ClaimedFile): Promise<Map<string, Locked>> {
  const found = new Map<string, Locked>();
  const document = await parseJsonFile(file);
  if (document === null) return found;
  for (const section of ['default', 'develop']) {
    for (const [name, value] of entriesAt(document.value, [section])) {
      const marker = stringAt(value, ['markers']);
      if (found.has(normalName(name)) || (marker !== null && !canApply(marker))) continue;
      const because = () => evidence(file, document.line([section, name]), 'python/pipenv-lock');
      const version = stringAt(value, ['version'])?.replace(/^==/, '') ?? null;
      found.set(normalName(name), { version, isLocal: false, because });
    }
  }
  return found;
}
