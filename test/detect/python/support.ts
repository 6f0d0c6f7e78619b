import { detectPython } from '../../../src/detect/python/detect.ts';
import type { Need } from '../../../src/detect/types.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

type Files = Record<string, string | null>;

/** Lines of a file, so that tests show it as it stands. */
export const lines = (...all: string[]) => `${all.join('\n')}\n`;

/** A manifest with nothing but a name, and what is added to it. */
export const pyproject = (...rest: string[]) => lines('[project]', 'name = "shop"', ...rest);

export async function detected(files: Files, known: string[] = []): Promise<Need[]> {
  return detectPython(contextOf(files, { pypi: known }));
}

/** Version requests of the only Python, as `raw scheme file:line`. */
export async function pythonOf(files: Files): Promise<string[]> {
  const { requests } = onlyNeed(await detected(files), 'toolchain');
  return requests.map(({ raw, scheme, because }) => `${raw} ${scheme} ${because.file}:${because.line}`);
}

/** Its manager: id, lock file, version requests. */
export async function managerOf(files: Files) {
  const { id, lockfile, requests } = onlyNeed(await detected(files), 'package-manager');
  return { id, lockfile, requests: requests.map(({ raw, scheme }) => `${raw} ${scheme}`) };
}

export async function projectOf(files: Files) {
  return onlyNeed(await detected(files), 'project');
}

export async function commandsOf(files: Files) {
  return (await projectOf(files)).commands;
}

/** Paths of the projects, and of the folders that give an optional interpreter only. */
export async function foldersOf(files: Files) {
  const needs = await detected(files);
  return {
    projects: needsOf(needs, 'project').map(({ path }) => path),
    optional: needsOf(needs, 'toolchain')
      .filter(({ optional }) => optional === true)
      .map(({ project }) => project),
  };
}

export async function findingsOf(files: Files): Promise<string[]> {
  return needsOf(await detected(files), 'finding').map(({ code }) => code);
}
