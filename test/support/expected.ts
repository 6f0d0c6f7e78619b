import { expect } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import type { Commands, Plan } from '../../src/plan/schema.ts';
import { folderWith } from './folder.ts';

/** What a repository's plan must say; what is left out is not looked at. */
export interface Expected {
  /** Version line by language; null: no version is known of it. */
  toolchains: Record<string, string | null>;
  /** How well the toolchain that is named answers. */
  match?: Record<string, Plan['toolchains'][number]['match']>;
  packageManagers?: Record<string, string | null>;
  /** By path of the project. */
  projects?: Record<
    string,
    {
      name?: string;
      languages?: string[];
      frameworks?: string[];
      packageManager?: string;
      commands?: Partial<Commands>;
      ports?: number[];
    }
  >;
  services?: string[];
  /** Attributes of libraries and tools that must be there. */
  packages?: string[];
  variables?: string[];
  findings?: string[];
  /** Codes of findings that must not be there. */
  without?: string[];
  environments?: number;
}

/** Analyses a repository of texts, and holds its plan against what it must say. */
export async function expectPlan(files: Record<string, string>, expected: Expected): Promise<Plan> {
  const plan = await analyze(folderWith(files));
  const lines = Object.fromEntries(plan.toolchains.map(({ id, key }) => [id, key.slice(id.length + 1)]));
  expect(lines).toEqual(expected.toolchains);
  for (const [id, match] of Object.entries(expected.match ?? {})) {
    expect(plan.toolchains.find((each) => each.id === id)?.match).toBe(match);
  }
  if (expected.packageManagers !== undefined) {
    expect(Object.fromEntries(plan.packageManagers.map(({ id, version }) => [id, version]))).toEqual(
      expected.packageManagers,
    );
  }
  if (expected.projects !== undefined) {
    expect(plan.projects.map(({ path }) => path)).toEqual(Object.keys(expected.projects));
    for (const [path, wanted] of Object.entries(expected.projects)) {
      expect(plan.projects.find((each) => each.path === path)).toMatchObject(wanted);
    }
  }
  if (expected.services !== undefined) expect(plan.services.map(({ id }) => id)).toEqual(expected.services);
  const attributes = [...plan.libraries, ...plan.tools].map(({ attribute }) => attribute);
  for (const attribute of expected.packages ?? []) expect(attributes).toContain(attribute);
  const variables = plan.environments.flatMap((each) => each.variables.map(({ name }) => name));
  for (const name of expected.variables ?? []) expect(variables).toContain(name);
  const codes = plan.findings.map(({ code }) => code);
  for (const code of expected.findings ?? []) expect(codes).toContain(code);
  for (const code of expected.without ?? []) expect(codes).not.toContain(code);
  expect(plan.environments).toHaveLength(expected.environments ?? 1);
  return plan;
}
