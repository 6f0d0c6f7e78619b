/** A repository given by its texts, through the whole analysis, as a specification reads it. */
import { analyze } from '../../src/analyze.ts';
import type { Commands, Plan } from '../../src/plan/schema.ts';
import { folderWith } from './folder.ts';

export interface Summary {
  languages: string[];
  /** `r 4.5 compatible`: id, line, how well it answers. */
  toolchains: string[];
  packageManagers: string[];
  frameworks: string[];
  commands: Partial<Commands>;
  ports: number[];
  libraries: string[];
  tools: string[];
  compiler: string;
  /** Codes, without what only says how exact a version is. */
  findings: string[];
  plan: Plan;
}

const versionRemarks = new Set(['version-assumed', 'version-patch', 'compiler-c23', 'runtime-end-of-life']);

/** @param project whose commands, frameworks and ports are given */
export async function analysed(files: Record<string, string>, project = '.'): Promise<Summary> {
  const plan = await analyze(folderWith(files));
  const own = plan.projects.find(({ path }) => path === project);
  const commands = Object.entries(own?.commands ?? {}).filter(([, command]) => command !== null);
  return {
    languages: [...new Set(plan.projects.flatMap(({ languages }) => languages))],
    toolchains: plan.toolchains.map(({ key, match }) => `${key.replace('-', ' ')} ${match}`),
    packageManagers: plan.packageManagers.map(({ id }) => id),
    frameworks: own?.frameworks ?? [],
    commands: Object.fromEntries(commands),
    ports: own?.ports ?? [],
    libraries: plan.libraries.map(({ attribute }) => attribute),
    tools: plan.tools.filter(({ because }) => because.length > 0).map(({ attribute }) => attribute),
    compiler: plan.environments[0]?.compiler ?? 'none',
    findings: plan.findings.map(({ code }) => code).filter((code) => !versionRemarks.has(code)),
    plan,
  };
}
