/** What a person should know of a project's manifests. */
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import type { FindingNeed, VersionRequest } from '../types.ts';
import { lacksVenv } from './install.ts';
import { lockNames } from './manifests.ts';
import type { Project } from './project.ts';
import type { RequirementsProblem } from './requirements-files.ts';

/** Findings about requirements files, lock files without a manifest, and what cannot be installed. */
export function remarks(project: Project, requests: readonly VersionRequest[]): FindingNeed[] {
  const problems = project.requirements.flatMap(({ problems: each }) => each);
  return [
    ...problems.map(ofRequirements),
    ...locksWithoutManifest(project),
    ...withoutVenv(project, requests),
  ];
}

function ofRequirements({ file, line, problem, detail }: RequirementsProblem): FindingNeed {
  const place = `${file.path}:${line}`;
  const because = [evidence(file, line, 'python/requirements')];
  switch (problem) {
    case 'missing':
      return findingNeed(
        'requirements-missing',
        'warning',
        `${place} includes ${shownPath(detail)}, which is not there`,
        'pip will refuse it: add the file, or remove the line.',
        because,
      );
    case 'outside':
      return findingNeed(
        'requirements-outside',
        'warning',
        `${place} includes ${shownPath(detail)}, outside the repository: it is not read`,
        'Keep what a repository needs inside it.',
        because,
      );
    case 'not-read':
      return findingNeed(
        'requirements-not-read',
        'info',
        `${place} includes ${shownPath(detail)}, whose name nidify does not know as a requirements file`,
        'Call it requirements-NAME.txt, or requirements/NAME.txt.',
        because,
      );
    case 'unknown':
      return findingNeed(
        'requirements-unreadable',
        'warning',
        `${place} is nothing that pip would install`,
        'Mend the line.',
        because,
      );
    case 'too-long':
      return findingNeed(
        'requirements-too-long',
        'warning',
        `${file.path} goes on after ${detail} lines: the rest is not read`,
        null,
        because,
      );
  }
}

function shownPath(path: string): string {
  return path.length > 80 ? `${path.slice(0, 79)}…` : path;
}

function locksWithoutManifest({ manifests }: Project): FindingNeed[] {
  const { locks, pyproject, pipfile, folder } = manifests;
  const orphans = (['uv', 'poetry', 'pdm', 'pipenv'] as const).filter(
    (id) => locks.has(id) && (id === 'pipenv' ? pipfile === null : pyproject === null),
  );
  return orphans.map((id) => {
    const path = locks.get(id)?.path ?? lockNames[id];
    const manifest = id === 'pipenv' ? 'Pipfile' : 'pyproject.toml';
    const place = folder === '.' ? 'beside it' : `in ${folder}`;
    return findingNeed(
      'lock-without-manifest',
      'warning',
      `${path} has no ${manifest} ${place} that can be read: it cannot be installed`,
      `Add the ${manifest} that it was made from.`,
      [presence(path, `python/${id}-lock`)],
    );
  });
}

function withoutVenv(project: Project, requests: readonly VersionRequest[]): FindingNeed[] {
  const [first] = requests;
  if (first === undefined || !lacksVenv(project, requests)) return [];
  const place = project.folder === '.' ? '' : ` in ${project.folder}`;
  return [
    findingNeed(
      'python-2-install',
      'warning',
      `Python ${first.raw} is asked for${place}: it has no virtual environments of its own, so no install command is given`,
      'Move to Python 3.',
      [first.because],
    ),
  ];
}
