/** Gems that need something of the system, and what else a lock file says of what is installed. */

import { evidence } from '../evidence.ts';
import type { DependencyNeed, NativeNames, Need, ToolNeed } from '../types.ts';
import { hasLinuxBinary } from './lockfile.ts';
import { installs, type RubyProject } from './projects.ts';

/**
 * Needs of the gems that the catalogue knows: those that are locked, else those that are asked for. A gem that is
 * locked in a compiled form for Linux brings its libraries along.
 */
export function gemNeeds(native: NativeNames, project: RubyProject): DependencyNeed[] {
  const { folder, gemfile, gemspec, lock } = project;
  if (lock !== null && lock.gems.size > 0) {
    return [...lock.gems.values()]
      .filter((gem) => native.gems.has(gem.name) && gem.platforms.has('ruby') && !hasLinuxBinary(gem))
      .map(({ name, version, line }) =>
        dependency(name, version, folder, evidence(lock.file, line, 'ruby/locked-gem')),
      );
  }
  const direct = [
    ...(gemfile?.gems ?? []).map((gem) => ({ ...gem, file: gemfile?.file })),
    ...(gemspec?.dependencies ?? []).map((gem) => ({ ...gem, file: gemspec?.file })),
  ];
  return direct.flatMap(({ name, line, file }) =>
    file !== undefined && native.gems.has(name)
      ? [dependency(name, null, folder, evidence(file, line, 'ruby/gem'))]
      : [],
  );
}

function dependency(
  name: string,
  version: string | null,
  project: string,
  because: DependencyNeed['because'][number],
): DependencyNeed {
  return { kind: 'dependency', ecosystem: 'gems', name, version, project, because: [because] };
}

/** Gems that bring a JavaScript engine along: https://github.com/rails/execjs#execjs */
const engines = ['mini_racer', 'therubyracer', 'duktape', 'therubyrhino'];

/** Node.js for execjs, Git for gems from repositories, a compiler for extensions of the project's own. */
export function furtherNeeds(project: RubyProject): Need[] {
  const { folder, lock, gemspec, gemfile } = project;
  const needs: Need[] = [];
  if (installs(project, 'execjs') && !installs(project, ...engines)) {
    const line =
      lock?.gems.get('execjs')?.line ?? gemfile?.gems.find(({ name }) => name === 'execjs')?.line ?? null;
    const because = [
      evidence(lock?.gems.has('execjs') === true ? lock.file : project.file, line, 'ruby/execjs'),
    ];
    needs.push({ kind: 'toolchain', id: 'node', project: folder, requests: [], because });
  }
  if (lock !== null && lock.git !== null) {
    const git: ToolNeed = {
      kind: 'tool',
      id: 'git',
      project: folder,
      because: [evidence(lock.file, lock.git, 'ruby/git-gem')],
    };
    needs.push(git);
  }
  if (gemspec !== null && gemspec.extensions !== null) {
    const because = [evidence(gemspec.file, gemspec.extensions, 'ruby/extensions')];
    needs.push({ kind: 'compiler', project: folder, because });
  }
  return needs;
}
