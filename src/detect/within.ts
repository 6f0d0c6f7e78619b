import { ExitCode, NidifyError } from '../errors.ts';
import { nearest } from '../text/nearest.ts';
import type { Need } from './types.ts';

/**
 * Needs of one project of a repository: its own, those below it, and those of the folders above it, whose
 * workspace files and version files hold for it too. Its siblings are left out.
 *
 * @param path of the project from the root; "." is everything
 * @throws NidifyError `unknown-project` (usage) when no project is there
 */
export function needsWithin(needs: readonly Need[], path: string): Need[] {
  const project = path.replace(/^(\.\/)+/, '').replace(/\/+$/, '') || '.';
  const paths = needs.flatMap((need) => (need.kind === 'project' ? [need.path] : []));
  if (!paths.includes(project)) throw unknownProject(project, paths);
  return needs.filter((need) => {
    const owner = need.kind === 'project' ? need.path : 'project' in need ? need.project : null;
    return owner === null || isBelow(owner, project) || isBelow(project, owner);
  });
}

function isBelow(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`);
}

function unknownProject(project: string, paths: readonly string[]): NidifyError {
  const near = nearest(project, paths);
  const known = near.length > 0 ? near : paths.slice(0, 10);
  return new NidifyError({
    code: 'unknown-project',
    message: `there is no project at ${JSON.stringify(project)}`,
    hint: known.length === 0 ? 'This repository has no projects.' : `Projects are at ${known.join(', ')}.`,
    exitCode: ExitCode.usage,
  });
}
