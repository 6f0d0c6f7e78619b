/** The root of a Rush repository, which has no manifest: https://rushjs.io/pages/configs/rush_json/ */
import type { Commands } from '../../plan/schema.ts';
import type { DetectContext, ProjectNeed, VersionRequest } from '../types.ts';
import type { WorkspaceFacts } from './projects.ts';
import { taskRunnerOf } from './task-runner.ts';

export async function rushRoot(
  context: DetectContext,
  { workspace, manager, install, because }: WorkspaceFacts,
): Promise<ProjectNeed> {
  const run = await taskRunnerOf(context, workspace, manager.id);
  const commands: Partial<Commands> = { install };
  for (const task of ['build', 'test', 'lint'] as const) {
    const command = run?.(task) ?? null;
    if (command !== null) commands[task] = command;
  }
  return {
    kind: 'project',
    path: workspace.folder,
    name: null,
    languages: ['node'],
    frameworks: [],
    packageManager: manager.id,
    commands,
    ports: [],
    because,
  };
}

/** Whether rush.json asks for it, rather than one of the projects. */
export function isOfRush({ because }: VersionRequest): boolean {
  return because.rule === 'node/rush';
}
