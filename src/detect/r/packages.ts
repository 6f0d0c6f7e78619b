/** Which packages a project installs, and what they need beyond R. */
import { entriesAt, stringAt, stringsAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { type NamedDependency, nativeDependencies } from '../shared/native.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import type { CompilerNeed, DependencyNeed, DetectContext, ToolNeed } from '../types.ts';
import { dependenciesOf } from './dcf.ts';
import type { RManifests } from './manifests.ts';
import { packagesNamed } from './scripts.ts';
import { systemRequirements } from './system-requirements.ts';

/** Packages that come with R: https://cran.r-project.org/doc/FAQ/R-FAQ.html#Which-add_002don-packages-exist-for-R_003f */
const withR = new Set([
  ...['R', 'base', 'compiler', 'datasets', 'graphics', 'grDevices', 'grid', 'methods', 'parallel', 'splines'],
  ...['stats', 'stats4', 'tcltk', 'tools', 'translations', 'utils', 'KernSmooth', 'MASS', 'Matrix', 'boot'],
  ...[
    'class',
    'cluster',
    'codetools',
    'foreign',
    'lattice',
    'mgcv',
    'nlme',
    'nnet',
    'rpart',
    'spatial',
    'survival',
  ],
]);

export interface RPackages {
  /** Without those that come with R. */
  packages: NamedDependency[];
  /** Texts of SystemRequirements, with where each stands. */
  requirements: { text: string; because: Evidence }[];
}

/** What lock files, the description and install.R name; scripts speak where nothing else does. */
export async function packagesOf(manifests: RManifests, scripts: readonly ClaimedFile[]): Promise<RPackages> {
  const { description, renv, packrat, installScript } = manifests;
  const found: RPackages = { packages: [], requirements: [] };
  if (renv !== null) await addRenv(found, renv);
  if (packrat !== null) addPackrat(found, packrat);
  if (description !== null) addDescription(found, description);
  if (installScript !== null) addScript(found, installScript, 'r/install-script');
  if (found.packages.length === 0) for (const script of scripts) addScript(found, script, 'r/library-call');
  const seen = new Set<string>();
  const packages = found.packages.filter(
    ({ name }) => !withR.has(name) && !seen.has(name) && seen.add(name) !== undefined,
  );
  return { ...found, packages };
}

async function addRenv(found: RPackages, file: ClaimedFile): Promise<void> {
  const document = await parseJsonFile(file);
  for (const [name, entry] of entriesAt(document?.value, ['Packages'])) {
    const path = ['Packages', name];
    const because = () => evidence(file, document?.line(path) ?? null, 'r/renv-package');
    add(found, name, stringAt(entry, ['Version']), because);
    const text =
      stringAt(entry, ['SystemRequirements']) ?? stringsAt(entry, ['SystemRequirements']).join(', ');
    if (text !== '') found.requirements.push({ text, because: because() });
  }
}

function addPackrat(found: RPackages, file: ClaimedFile): void {
  let name: string | null = null;
  for (const [at, line] of (file.text ?? '').split('\n').entries()) {
    const { key, value } = /^(?<key>Package|Version):\s*(?<value>\S{1,100})\s*$/.exec(line)?.groups ?? {};
    if (key === 'Package') name = value ?? null;
    if (key !== 'Version' || name === null) continue;
    add(found, name, value ?? null, () => evidence(file, at + 1, 'r/packrat-package'));
    name = null;
  }
}

function addDescription(found: RPackages, { file, fields }: NonNullable<RManifests['description']>): void {
  for (const field of ['Depends', 'Imports', 'LinkingTo', 'Suggests']) {
    for (const { name, line } of dependenciesOf(fields.get(field))) {
      add(found, name, null, () => evidence(file, line, `r/${field.toLowerCase()}`));
    }
  }
  const own = fields.get('SystemRequirements');
  if (own !== undefined) {
    found.requirements.push({
      text: own.value,
      because: evidence(file, own.line, 'r/system-requirements'),
    });
  }
}

function addScript(found: RPackages, file: ClaimedFile, rule: string): void {
  for (const { name, line } of packagesNamed(file.text ?? ''))
    add(found, name, null, () => evidence(file, line, rule));
}

function add(found: RPackages, name: string, version: string | null, because: () => Evidence): void {
  found.packages.push({
    name,
    version,
    get because() {
      return because();
    },
  });
}

/** Packages and rules of system requirements that the catalogue knows. */
export function dependencyNeeds(
  { native }: DetectContext,
  project: string,
  { packages, requirements }: RPackages,
): DependencyNeed[] {
  const rules = requirements.flatMap(({ text, because }) =>
    rulesOf(text).map((name) => ({ name, version: null, because })),
  );
  return nativeDependencies(native, 'cran', project, [...packages, ...rules]);
}

function rulesOf(text: string): string[] {
  const short = text.slice(0, 2000);
  return systemRequirements
    .filter(({ patterns }) => patterns.some((pattern) => pattern.test(short)))
    .map(({ rule }) => `system:${rule}`);
}

/**
 * CRAN gives Linux sources only: which of them hold C, C++ or Fortran, nobody says beforehand. What a package's own
 * `src` holds is compiled as well: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#Package-subdirectories
 */
export function compilerNeeds(
  project: string,
  { packages }: RPackages,
  sources: readonly string[],
): (CompilerNeed | ToolNeed)[] {
  const because = [
    ...packages.slice(0, 1).map((first) => first.because),
    ...sources.slice(0, 1).map((path) => presence(path, 'r/source')),
  ];
  const fortran = sources.find((path) => fortranSource.test(path));
  return [
    ...(because.length === 0 ? [] : [{ kind: 'compiler' as const, project, because }]),
    ...(fortran === undefined
      ? []
      : [
          {
            kind: 'tool' as const,
            id: 'gfortran',
            project,
            because: [presence(fortran, 'r/source')],
          },
        ]),
  ];
}

const fortranSource = /\.f(90|95)?$/;

/** Sources that R compiles when it installs a package. */
export const compiledSource = /\.(c|cc|cpp|m|mm|f|f90|f95)$/;
