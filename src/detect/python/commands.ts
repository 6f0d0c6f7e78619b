/** All commands of a project, and what they need beyond its dependencies. */
import type { Commands } from '../../plan/schema.ts';
import type { Need, VersionRequest } from '../types.ts';
import { lintCheck, testCheck } from './checks.ts';
import type { Framework } from './frameworks.ts';
import { installCommand, lacksVenv } from './install.ts';
import { buildCommand } from './packaging.ts';
import type { Project } from './project.ts';
import { portOf, served } from './serve.ts';
import { taskCommands, taskPrograms } from './tasks.ts';

export interface ProjectCommands {
  commands: Commands;
  ports: number[];
  needs: Need[];
}

/** The project's own tasks come first; then what its tools and frameworks are usually told. */
export function commandsOf(
  project: Project,
  frameworks: readonly Framework[],
  requests: readonly VersionRequest[],
): ProjectCommands {
  const tasks = taskCommands(project);
  const serving = served(project, frameworks);
  const test = testCheck(project);
  const lint = lintCheck(project);
  const checks = [...taskPrograms(project), test, lint].filter((check) => check !== null);
  const isApplication = serving.isApplication || tasks.start !== undefined;
  const isServing = tasks.start !== undefined || tasks.dev !== undefined;
  return {
    commands: {
      install: lacksVenv(project, requests) ? null : installCommand(project, checks),
      build: tasks.build ?? serving.build ?? (isApplication ? null : buildCommand(project)),
      test: tasks.test ?? test?.command ?? null,
      start: tasks.start ?? serving.start,
      dev: tasks.dev ?? serving.dev,
      lint: tasks.lint ?? lint?.command ?? null,
    },
    ports: serving.ports.length === 0 && isServing ? portOf(frameworks) : serving.ports,
    needs: lint?.needsRuff === true && tasks.lint === undefined ? ruff(project) : [],
  };
}

function ruff({ folder, manifests: { pyproject }, because }: Project): Need[] {
  const own = pyproject === null ? because.slice(0, 1) : [pyproject.because(['tool', 'ruff'], 'python/ruff')];
  return [{ kind: 'tool', id: 'ruff', project: folder, because: own }];
}
