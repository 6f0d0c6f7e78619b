import type { Commands, Plan, Project } from '../../../src/plan/schema.ts';
import { planOf } from '../../support/plan.ts';
import { environment } from '../plans.ts';

const none: Commands = { install: null, build: null, test: null, start: null, dev: null, lint: null };

export function project(path: string, commands: Partial<Commands>, parts: Partial<Project> = {}): Project {
  return {
    path,
    name: null,
    environment: 'default',
    languages: [],
    frameworks: [],
    packageManager: null,
    ports: [],
    because: [],
    ...parts,
    commands: { ...none, ...commands },
  };
}

/** A repository with two environments; the second is that of `services/api`. */
export function monorepo(projects?: Project[]): Plan {
  return planOf({
    environments: [
      environment({ name: 'default', projects: ['.'] }),
      environment({ name: 'services-api', projects: ['services/api'] }),
    ],
    projects: projects ?? [
      project('.', { install: 'npm ci', build: 'npm run build', test: 'npm test' }, { name: 'shop' }),
      project('services/api', { install: 'uv sync', test: 'uv run pytest' }, { environment: 'services-api' }),
      project('packages/ui', { install: 'npm ci' }),
    ],
  });
}
