/** What a project's own commands are in a script of a CI system: inert text until its shell runs it. */
import type { Commands, Plan, Project } from '../../plan/schema.ts';
import { inconsistent } from '../packages.ts';
import { shellWord } from '../shell.ts';
import { defaultEnvironment } from '../shell-nix.ts';
import { oneLine } from '../text.ts';

export interface ProjectStep {
  /** `Test services/api`, for people. */
  name: string;
  project: Project;
  command: string;
}

const kinds = [
  ['install', 'Install'],
  ['build', 'Build'],
  ['test', 'Test'],
] as const satisfies [keyof Commands, string][];

/** The commands that a change has to pass, project by project; none twice in the same folder. */
export function projectSteps(plan: Plan, only?: (typeof kinds)[number][0]): ProjectStep[] {
  const seen = new Set<string>();
  return plan.projects.flatMap((project) =>
    kinds.flatMap(([kind, verb]): ProjectStep[] => {
      const command = project.commands[kind];
      const key = JSON.stringify([project.path, command]);
      if (command === null || seen.has(key) || (only !== undefined && kind !== only)) return [];
      seen.add(key);
      const where = project.path === '.' ? (project.name ?? 'the root folder') : project.path;
      return [{ name: `${verb} ${label(where)}`, project, command }];
    }),
  );
}

/** `npx --yes nidify@0.1.0`: exactly the version that wrote the file. */
export function nidifyCommand({ generator }: Plan): string {
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(generator.version)) {
    throw inconsistent(`the version ${JSON.stringify(generator.version)} of its generator is none`);
  }
  return `npx --yes ${shellWord(`${generator.name}@${generator.version}`)}`;
}

/** A line of shell that runs a step's command in its folder, inside the project's environment. */
export function runInEnvironment(step: ProjectStep, plan: Plan, nidify: string): string {
  const { project } = step;
  const isDefault = project.environment === defaultEnvironment(plan).name;
  const option = isDefault ? '' : ` ${shellWord(`--project=${project.path}`)}`;
  return withoutExpressions(`${nidify} run -C .${option} -- ${inFolder(step)}`);
}

/** `sh -c COMMAND`, in the folder of its project; the caller stands in the repository's root. */
export function inFolder({ project, command }: ProjectStep): string {
  if (project.path === '.') return `sh -c ${quoted(command)}`;
  // Absolute, wherever the shell that gets it starts: the outer shell knows the root.
  return `sh -c ${quoted(`cd "$1" || exit 1\n${command}`)} sh "$PWD"/${shellWord(project.path)}`;
}

/**
 * The same shell text without `${{` and `$[[`, which GitHub, Forgejo and GitLab would replace before any
 * shell sees them. They can stand in single quotes only, where an end and a new beginning change nothing.
 */
export function withoutExpressions(script: string): string {
  return script.replace(/\$(?=\{\{|\[\[)/g, () => "$''");
}

/** Text that is shown: expressions are evaluated there too, so none may be left. */
export function label(text: string): string {
  return oneLine(text, 80).replace(/\$(?=\{\{|\[\[)/g, () => '$ ');
}

function quoted(text: string): string {
  return `${shellWord(text)}`;
}
