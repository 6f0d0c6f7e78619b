import { type AnalyzeOptions, analyze } from '../../src/analyze.ts';
import type { Plan } from '../../src/plan/schema.ts';
import type { Source } from '../../src/scan/types.ts';

/** A repository as texts by path: what `analyze` reads instead of a directory. */
export function sourceOf(files: Readonly<Record<string, string>>): Source {
  const entries = Object.keys(files).map((path) => ({ path, kind: 'file' as const }));
  return {
    list: async () => ({ entries, truncated: null, findings: [] }),
    read: async (paths) => paths.map((path) => ({ content: Buffer.from(files[path] ?? '') })),
    facts: async () => null,
  };
}

/** The plan of a repository given as texts, with the bundled catalogue. */
export async function planOfFiles(
  files: Readonly<Record<string, string>>,
  options: AnalyzeOptions = {},
): Promise<Plan> {
  return analyze(sourceOf(files), options);
}

/** What an acceptance test looks at: the decisions of a plan, without their evidence. */
export function decisionsOf(plan: Plan) {
  return {
    toolchains: plan.toolchains.map(
      ({ id, version, match, input }) => `${id} ${version ?? '?'} ${match} ${input}`,
    ),
    managers: plan.packageManagers.map(({ id, version }) => (version === null ? id : `${id} ${version}`)),
    libraries: plan.libraries.map(({ key }) => key).sort(),
    tools: plan.tools
      .map(({ key }) => key)
      .filter((key) => !/^(bashInteractive|cacert|nixfmt)/.test(key))
      .sort(),
    compiler: plan.environments.map(({ compiler }) => compiler),
    projects: plan.projects.map(({ path, name, languages, frameworks, packageManager, ports }) => ({
      path,
      name,
      languages,
      frameworks,
      packageManager,
      ports,
    })),
    findings: plan.findings.map(({ code }) => code).sort(),
  };
}
