/** From needs to demands on the catalogue: who asks for which tool. */
import type { PackageManagerNeed, ToolchainNeed } from '../detect/types.ts';
import { addTo } from '../grouped.ts';
import { needsOf, type PlanContext } from './context.ts';
import type { Demand } from './versions.ts';

/**
 * The demands of all projects, per tool. What only an example or a test folder needs demands nothing,
 * unless the repository holds nothing else.
 */
export function demandsOf({ needs, catalogue }: PlanContext): Map<string, Demand[]> {
  const toolchains = needsOf(needs, 'toolchain');
  const onlySide = toolchains.every((need) => need.optional === true);
  const byTool = new Map<string, Demand[]>();
  const add = (demand: Demand) => {
    addTo(byTool, demand.id, demand);
  };
  for (const need of toolchains) {
    if (need.optional !== true || onlySide) add(demandOf(need, need.id));
  }
  for (const need of needsOf(needs, 'package-manager')) {
    if (need.fetchedFor !== undefined) continue;
    const tool = packageManagerTool(need);
    if (catalogue.tool(tool)?.bundledWith == null) add(demandOf(need, tool));
  }
  return byTool;
}

function demandOf(need: ToolchainNeed | PackageManagerNeed, tool: string): Demand {
  return { id: need.id, tool, project: need.project, requests: need.requests };
}

/** Yarn from 2 on is another program, with other attributes, under the same name. */
export function packageManagerTool({ id, requests }: PackageManagerNeed): string {
  const major = /\d+/.exec(requests[0]?.raw ?? '')?.[0];
  return id === 'yarn' && major !== undefined && Number(major) >= 2 ? 'yarn-berry' : id;
}
