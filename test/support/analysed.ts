/** A repository given by its texts, through the whole analysis, as a specification reads it. */
import type { Commands, Plan } from '../../src/plan/schema.ts';
import { understood } from './understood.ts';

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
  const { plan, toolchains, managers, languages, tools, commands, codes, compiler } = await understood(files);
  const own = plan.projects.find(({ path }) => path === project);
  return {
    languages,
    toolchains: toolchains.map((each) => each.replace('-', ' ')),
    packageManagers: managers,
    frameworks: own?.frameworks ?? [],
    commands: commands(project),
    ports: own?.ports ?? [],
    libraries: plan.libraries.map(({ attribute }) => attribute),
    tools,
    compiler: compiler ?? 'none',
    findings: codes.filter((code) => !versionRemarks.has(code)),
    plan,
  };
}
