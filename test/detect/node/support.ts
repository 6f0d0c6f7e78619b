import { detectBun } from '../../../src/detect/bun/detect.ts';
import { detectDeno } from '../../../src/detect/deno/detect.ts';
import { detectNode } from '../../../src/detect/node/detect.ts';
import type { Need, VersionRequest } from '../../../src/detect/types.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf, onlyNeed } from '../../support/needs.ts';

export type Files = Record<string, string | null>;

/** A manifest as npm writes it. */
export const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

/** Lines of a file, so that tests show it as it stands. */
export const lines = (...all: string[]) => `${all.join('\n')}\n`;

/** What the detectors of Node.js, Bun and Deno say together. */
export async function detected(files: Files, known: string[] = []): Promise<Need[]> {
  const context = contextOf(files, { npm: known });
  return [...(await detectNode(context)), ...(await detectBun(context)), ...(await detectDeno(context))];
}

const shownRequest = ({ raw, scheme, because }: VersionRequest) =>
  `${raw} ${scheme} ${because.file}:${because.line ?? '-'}`;

/** Requests of each project for a toolchain, as `raw scheme file:line`. */
export async function requestsOf(id: string, files: Files): Promise<Record<string, string[]>> {
  const needs = needsOf(await detected(files), 'toolchain').filter((need) => need.id === id);
  return Object.fromEntries(needs.map(({ project, requests }) => [project, requests.map(shownRequest)]));
}

/** Requests for Node.js of the root's project. */
export async function nodeOf(files: Files): Promise<string[]> {
  return (await requestsOf('node', files))['.'] ?? [];
}

/** Its package manager: id, lock file, version requests. */
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

/** Paths of the projects, the root first. */
export async function projectPaths(files: Files): Promise<string[]> {
  return needsOf(await detected(files), 'project').map(({ path }) => path);
}

export async function findingsOf(files: Files): Promise<string[]> {
  return needsOf(await detected(files), 'finding').map(({ code }) => code);
}

/** Dependencies that need something native: `name version project because…`. */
export async function nativeOf(files: Files, known: string[]): Promise<string[]> {
  return needsOf(await detected(files, known), 'dependency').map(
    ({ name, version, project, because }) =>
      `${name} ${version ?? '?'} ${project} ${because.map(({ file, line }) => `${file}:${line}`).join(' ')}`,
  );
}
