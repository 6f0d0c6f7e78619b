/**
 * Targets that plug-ins of Nx add to a project by the files in its folder, as each plug-in's page says:
 * https://nx.dev/concepts/inferred-tasks, https://nx.dev/nx-api
 */
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { hasPath } from '../shared/paths.ts';
import { join } from '../shared/tree.ts';

interface Inference {
  plugin: string;
  /** Files of which one must lie in the project's folder. */
  files: readonly string[];
  /** A further file, without which there is nothing to build. */
  with?: string;
  /** Name of the option that renames a target, and its name unless it is renamed. */
  targets: Readonly<Record<string, string>>;
}

const scripts = ['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'];
const named = (stem: string) => scripts.map((ending) => `${stem}.${ending}`);

const inferences: readonly Inference[] = [
  {
    plugin: '@nx/next/plugin',
    files: named('next.config'),
    targets: { buildTargetName: 'build', devTargetName: 'dev', startTargetName: 'start' },
  },
  {
    plugin: '@nx/vite/plugin',
    files: named('vite.config'),
    // A library is built only where its configuration, a program, says so.
    with: 'index.html',
    targets: { buildTargetName: 'build', serveTargetName: 'serve', devTargetName: 'dev' },
  },
  { plugin: '@nx/vite/plugin', files: named('vitest.config'), targets: { testTargetName: 'test' } },
  { plugin: '@nx/vitest', files: named('vitest.config'), targets: { testTargetName: 'test' } },
  {
    plugin: '@nx/webpack/plugin',
    files: named('webpack.config'),
    targets: { buildTargetName: 'build', serveTargetName: 'serve' },
  },
  {
    plugin: '@nx/jest/plugin',
    files: [...named('jest.config'), 'jest.config.json'],
    targets: { targetName: 'test' },
  },
  {
    plugin: '@nx/eslint/plugin',
    files: [...named('eslint.config'), '.eslintrc.json', '.eslintrc.js', '.eslintrc.cjs', '.eslintrc.yml'],
    targets: { targetName: 'lint' },
  },
];

export interface NxPlugin {
  name: string;
  options: unknown;
}

/** `plugins` of nx.json: names, or objects with options. */
export function pluginsOf(nxJson: unknown): NxPlugin[] {
  const list = valueAt(nxJson, ['plugins']);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown): NxPlugin[] => {
    const name = isRecord(entry) ? stringAt(entry, ['plugin']) : entry;
    return typeof name === 'string' ? [{ name, options: valueAt(entry, ['options']) }] : [];
  });
}

/** Names of the targets that plug-ins give the project in a folder. */
export function inferredTargets(
  inventory: Inventory,
  folder: string,
  plugins: readonly NxPlugin[],
): string[] {
  const isThere = (name: string) => hasPath(inventory, join(folder, name));
  return plugins.flatMap(({ name, options }) =>
    inferences
      .filter(({ plugin }) => plugin === name)
      .filter((each) => each.files.some(isThere) && (each.with === undefined || isThere(each.with)))
      .flatMap(({ targets }) =>
        Object.entries(targets).map(([option, target]) => stringAt(options, [option]) ?? target),
      ),
  );
}
