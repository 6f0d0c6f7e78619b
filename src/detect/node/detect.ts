/** Node.js with npm, pnpm and Yarn: docs/ecosystems/node.md says what is read, in which order. */
import { append } from '../../append.ts';
import { presence } from '../evidence.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { readQuietly } from './manifest.ts';
import { addonNeeds, nativeNeeds } from './native.ts';
import { nodeToolchain, packageManagerNeeds } from './needs.ts';
import { nxProjects } from './nx.ts';
import { packagesOf } from './packages.ts';
import { configuredFrameworks, projectNeeds, type WorkspaceFacts, workspaceFacts } from './projects.ts';
import { isOfRush, rushRoot } from './rush.ts';
import { nodeRuntime, versionReader } from './versions.ts';

export const detectNode: Detect = async (context) => {
  const all = await workspaceFacts(context);
  const facts = all.filter(({ runtimes }) => runtimes.node);
  if (all.length === 0) return withoutManifest(context);
  const configured = configuredFrameworks(context);
  const needs: Need[] = [];
  for (const each of facts) append(needs, await workspaceNeeds(context, each, configured));
  const folders = new Set(facts.flatMap(({ workspace }) => workspace.packages.map(({ folder }) => folder)));
  append(needs, addonNeeds(context, folders));
  return needs;
};

async function workspaceNeeds(
  context: DetectContext,
  facts: WorkspaceFacts,
  configured: (folder: string) => readonly string[],
): Promise<Need[]> {
  const { workspace, manager, runtimes, because } = facts;
  const needs: Need[] = [];
  const folders = workspace.packages.map(({ folder }) => folder);
  const rootRequests = facts.nodeRequests.get(workspace.folder) ?? [];
  for (const folder of folders) {
    needs.push(
      nodeToolchain(folder, facts.nodeRequests.get(folder) ?? rootRequests, because),
      ...packageManagerNeeds(folder, facts),
    );
  }
  if (runtimes.bun === null) append(needs, await projectNeeds(context, facts, configured));
  const members = new Set(folders);
  for (const project of await nxProjects(context, workspace.folder, manager.id, facts.install, configured)) {
    needs.push(project);
    // Its own manifest asks for the rest, with whatever versions that names.
    if (members.has(project.path)) continue;
    needs.push(
      nodeToolchain(project.path, rootRequests, because),
      ...packageManagerNeeds(project.path, facts),
    );
  }
  if (workspace.rush !== null && !members.has(workspace.folder)) {
    const requests = facts.nodeRequests.get(folders[0] ?? '') ?? [];
    needs.push(
      await rushRoot(context, facts),
      nodeToolchain(workspace.folder, requests.filter(isOfRush), because),
      ...packageManagerNeeds(workspace.folder, facts),
    );
  }
  append(needs, await nativeNeeds(context, workspace, manager));
  append(needs, facts.findings);
  return needs;
}

/**
 * No package to work on: a version file still asks for Node.js; an example or a test folder would like to
 * have it.
 */
async function withoutManifest(context: DetectContext): Promise<Need[]> {
  const { requests, findings } = await versionReader(context, nodeRuntime).pins('.');
  const first = requests[0];
  if (first !== undefined) return [nodeToolchain('.', requests, [first.because]), ...findings];
  const { side } = await packagesOf(context);
  for (const file of side) {
    const manifest = readQuietly(file);
    const folder = folderOf(file.path);
    if (manifest === null || !isSideFolder(folder)) continue;
    const pins = await versionReader(context, nodeRuntime).ofPackage(
      { folder, manifest },
      { folder, manifest, packages: [], rush: null },
    );
    const because = [presence(file.path, 'node/side-folder')];
    return [{ ...nodeToolchain(folder, pins.requests, because), optional: true }];
  }
  return findings;
}
