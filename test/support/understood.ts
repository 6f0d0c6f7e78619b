import { analyze } from '../../src/analyze.ts';
import type { Config } from '../../src/config/schema.ts';
import { folderWith } from './folder.ts';

/** Analyses a repository of these texts with the bundled catalogue. */
export async function understood(files: Record<string, string>, config: Config = {}) {
  const plan = await analyze(folderWith(files), { config });
  const commands = (path: string) => {
    const own = plan.projects.find((project) => project.path === path)?.commands ?? {};
    return Object.fromEntries(Object.entries(own).filter(([, command]) => command !== null));
  };
  return {
    plan,
    /** `id line: match`, in the plan's order. */
    toolchains: plan.toolchains.map(({ key, match }) => `${key} ${match}`),
    managers: plan.packageManagers.map(({ id }) => id),
    projects: plan.projects.map(({ path }) => path),
    languages: [...new Set(plan.projects.flatMap(({ languages }) => languages))],
    frameworks: plan.projects.flatMap(({ frameworks }) => frameworks),
    ports: plan.projects.flatMap(({ ports }) => ports),
    /** Attributes of what the repository asks for, without what every environment has. */
    tools: plan.tools.filter(({ because }) => because.length > 0).map(({ attribute }) => attribute),
    commands,
    root: commands('.'),
    services: plan.services.map(({ id }) => id),
    codes: plan.findings.map(({ code }) => code),
    inputs: plan.repository.inputs.map(({ path }) => path),
    compiler: plan.environments[0]?.compiler,
  };
}
