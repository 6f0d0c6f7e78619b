/** Bun as runtime and package manager: docs/ecosystems/bun.md says what is read, in which order. */
import { append } from '../../append.ts';
import { addonNeeds, nativeNeeds } from '../node/native.ts';
import { packageManagerNeeds } from '../node/needs.ts';
import type { Runtime } from '../node/pins.ts';
import { configuredFrameworks, projectNeeds, type WorkspaceFacts, workspaceFacts } from '../node/projects.ts';
import { type VersionReader, versionReader } from '../node/versions.ts';
import type { Detect, DetectContext, FindingNeed, Need, VersionRequest } from '../types.ts';

const bunRuntime: Runtime = { id: 'bun', files: ['.bun-version'], tools: ['bun'] };

export const detectBun: Detect = async (context) => {
  const all = await workspaceFacts(context);
  const facts = all.filter(({ runtimes }) => runtimes.bun !== null);
  const reader = versionReader(context, bunRuntime);
  if (all.length === 0) return withoutManifest(reader);
  const configured = configuredFrameworks(context);
  const needs: Need[] = [];
  for (const each of facts) {
    append(needs, await toolchains(each, reader));
    append(needs, await projectNeeds(context, each, configured));
    if (!each.runtimes.node) append(needs, await withoutNode(context, each));
  }
  return needs;
};

async function toolchains(
  { workspace, manager, runtimes }: WorkspaceFacts,
  reader: VersionReader,
): Promise<Need[]> {
  const findings = new Set<FindingNeed>();
  const needs: Need[] = [];
  for (const each of workspace.packages) {
    const versions = await reader.ofPackage(each, workspace);
    const requests =
      manager.id === 'bun'
        ? distinct([...manager.requests.filter(isPin), ...versions.requests, ...manager.requests])
        : versions.requests;
    needs.push({ kind: 'toolchain', id: 'bun', project: each.folder, requests, because: runtimes.bun ?? [] });
    for (const finding of versions.findings) findings.add(finding);
  }
  return [...needs, ...findings];
}

/** `packageManager` and `devEngines` stand before version files: package managers enforce them. */
function isPin({ because }: VersionRequest): boolean {
  return because.rule === 'node/package-manager' || because.rule === 'node/dev-engines';
}

/** The package manager's requests and the runtime's come from the same places. */
function distinct(requests: readonly VersionRequest[]): VersionRequest[] {
  const seen = new Set<string>();
  return requests.filter(({ raw, because: { file, line } }) => {
    const key = `${file}\0${line}\0${raw}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}

/** What the detector of Node.js says of the workspaces that it serves too. */
async function withoutNode(context: DetectContext, facts: WorkspaceFacts): Promise<Need[]> {
  const { workspace, manager, findings } = facts;
  const folders = workspace.packages.map(({ folder }) => folder);
  return [
    ...folders.flatMap((folder) => packageManagerNeeds(folder, facts)),
    ...(await nativeNeeds(context, workspace, manager)),
    ...addonNeeds(context, new Set(folders)),
    ...findings,
  ];
}

/** Without a manifest, a version file still asks for it. */
async function withoutManifest(reader: VersionReader): Promise<Need[]> {
  const { requests, findings } = await reader.pins('.');
  const first = requests[0];
  if (first === undefined) return findings;
  return [{ kind: 'toolchain', id: 'bun', project: '.', requests, because: [first.because] }, ...findings];
}
