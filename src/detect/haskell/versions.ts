/** Which GHC a project asks for. */
import { stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { fileIn, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import type { HaskellProject } from './projects.ts';
import { compilerOfBase, compilerOfSnapshot, compilerOfTests } from './releases.ts';

/**
 * In the order in which they decide: what stack.yaml or cabal.project fix, the version managers' files
 * (ghcup has none of its own), the compilers that a package is tested with, the bounds of its `base`.
 */
export async function ghcRequests(
  inventory: Inventory,
  project: HaskellProject,
): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const { folder, manager } = project;
  const fixed =
    manager === 'stack'
      ? await ofStack(project.file)
      : { requests: ofCabalProject(fileIn(inventory, folder, 'cabal.project')), findings: [] };
  const own = nearest(inventory, folder, ['.ghc-version']);
  const version = /^\s*(?:ghc-)?(?<version>\d[\d.]*)\s*$/m.exec((own?.text ?? '').slice(0, 200))?.groups
    ?.version;
  const chosen: VersionRequest[] =
    own === null || version === undefined
      ? []
      : [{ raw: version, scheme: 'prefix', because: evidence(own, 1, 'haskell/ghc-version') }];
  return {
    requests: [
      ...fixed.requests,
      ...chosen,
      ...(await versionFileRequests(inventory, folder, ['ghc', 'haskell'])),
      ...(manager === 'stack' ? [] : ofPackages(project)),
    ],
    findings: fixed.findings,
  };
}

/** https://docs.haskellstack.org/en/stable/configure/yaml/project/ */
async function ofStack(file: ClaimedFile): Promise<{ requests: VersionRequest[]; findings: FindingNeed[] }> {
  const document = await parseYamlFile(file);
  if (document === null) return { requests: [], findings: [] };
  for (const key of ['compiler', 'snapshot', 'resolver']) {
    const value = valueAt(document.value, [key]);
    const text = typeof value === 'string' ? value : (stringAt(value, ['url']) ?? stringAt(value, ['name']));
    if (text === null) continue;
    const because = evidence(file, document.line([key]), `haskell/stack-${key}`);
    const version = compilerOfSnapshot(text);
    if (version !== null) return { requests: [{ raw: version, scheme: 'prefix', because }], findings: [] };
    return {
      requests: [],
      findings: [
        {
          kind: 'finding',
          code: 'version-not-understood',
          severity: 'warning',
          message: `which GHC ${text.slice(0, 100)} is of is not known offline: the default one is given`,
          hint: 'Say it with "compiler: ghc-…" in stack.yaml, or with "versions": { "haskell": … } in nidify.jsonc.',
          because: [because],
        },
      ],
    };
  }
  return { requests: [], findings: [] };
}

/** https://cabal.readthedocs.io/en/stable/cabal-project-description-file.html#cfg-field-with-compiler */
function ofCabalProject(file: ClaimedFile | null): VersionRequest[] {
  const lines = (file?.text ?? '').split('\n');
  const at = lines.findIndex((line) => /^\s*with-compiler\s*:/.test(line));
  const version = /ghc-(?<version>\d+(\.\d+)*)\s*$/.exec((lines[at] ?? '').slice(0, 300))?.groups?.version;
  if (file === null || version === undefined) return [];
  return [{ raw: version, scheme: 'prefix', because: evidence(file, at + 1, 'haskell/with-compiler') }];
}

function ofPackages({ packages }: HaskellProject): VersionRequest[] {
  const tested: VersionRequest[] = [];
  const bounds = new Map<string, VersionRequest>();
  for (const { file, described } of packages) {
    const compilers = described.testedWith === null ? null : compilerOfTests(described.testedWith.text);
    if (described.testedWith !== null && compilers !== null) {
      const { lines, newest } = compilers;
      tested.push({
        raw: lines,
        scheme: 'cabal',
        because: evidence(file, described.testedWith.line, 'haskell/tested-with'),
        ...(newest === null ? {} : { testedUpTo: newest }),
      });
    }
    for (const { text, line } of described.base) {
      const raw = compilerOfBase(text);
      if (raw !== null && !bounds.has(raw))
        bounds.set(raw, { raw, scheme: 'cabal', because: evidence(file, line, 'haskell/base') });
    }
  }
  return [...tested, ...bounds.values()].slice(0, 20);
}
