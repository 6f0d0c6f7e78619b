/** Which of Node.js, Bun and Deno run a workspace. */
import type { Evidence } from '../../plan/schema.ts';
import { presence } from '../evidence.ts';
import { fileIn } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { programsOf } from './commands.ts';
import type { Manager } from './managers.ts';
import { keyEvidence, scriptsOf, textAt } from './manifest.ts';
import { lockfileNames, type Workspace } from './packages.ts';
import { invocations } from './scripts.ts';
import { devEngines } from './versions.ts';

export interface Runtimes {
  node: boolean;
  /** Why Bun is needed; null where it is not. */
  bun: Evidence[] | null;
  /** Scripts run their programs with Bun: it is the language's runtime, not only what installs. */
  runsBun: boolean;
}

/**
 * Programs that are Node.js, or whose `#!/usr/bin/env node` Bun respects unless told otherwise
 * (https://bun.com/docs/pm/bunx#shebangs). Linters and compilers are left out: they work in Bun.
 */
const nodePrograms = new Set([
  'node',
  'nodemon',
  'ts-node',
  'tsx',
  'npm',
  'npx',
  'pnpm',
  'yarn',
  'pm2',
  'next',
  'nuxt',
  'astro',
  'vite',
  'remix',
  'remix-serve',
  'react-router',
  'react-router-serve',
  'gatsby',
  'ng',
  'nx',
  'nest',
  'strapi',
  'vue-cli-service',
  'react-scripts',
  'docusaurus',
  'vitepress',
  'electron',
  'electron-forge',
  'expo',
  'react-native',
  'storybook',
  'jest',
  'vitest',
  'mocha',
  'cypress',
  'playwright',
  'wrangler',
]);

/** Decides from the package manager, the scripts of all packages, and whether a version of Node.js is asked for. */
export function runtimesOf(
  context: DetectContext,
  workspace: Workspace,
  manager: Manager,
  asksForNode: boolean,
): Runtimes {
  const bun = bunEvidence(workspace, manager);
  if (isDenoOnly(context, workspace) && !asksForNode) return { node: false, bun, runsBun: bun !== null };
  if (manager.id !== 'bun') return { node: true, bun, runsBun: bun !== null };
  const node = asksForNode || workspace.packages.some(({ manifest }) => runsNode(scriptsOf(manifest)));
  return { node, bun, runsBun: true };
}

function runsNode(scripts: ReadonlyMap<string, string>): boolean {
  for (const script of scripts.values()) {
    for (const { program, args } of invocations(script)) {
      if (nodePrograms.has(program)) return true;
      if (program !== 'bunx' || args.includes('--bun')) continue;
      const name = args.find((word) => !word.startsWith('-'));
      if (name !== undefined && nodePrograms.has(name)) return true;
    }
  }
  return false;
}

function bunEvidence({ manifest, packages }: Workspace, manager: Manager): Evidence[] | null {
  const because: Evidence[] = manager.id === 'bun' ? [...manager.because] : [];
  for (const { manifest: each } of packages) {
    const script = each.file.text?.includes('bun')
      ? (programsOf(each).get('bun') ?? programsOf(each).get('bunx'))
      : undefined;
    if (script !== undefined) because.push(keyEvidence(each.file, ['scripts', script], 'bun/script'));
    if (because.length > 0) break;
  }
  if (because.length === 0 && manifest !== null && devEngines(manifest, 'runtime', 'bun').length > 0) {
    because.push(keyEvidence(manifest.file, ['devEngines', 'runtime'], 'bun/dev-engines'));
  }
  return because.length === 0 ? null : because;
}

/** Programs that say nothing of a runtime. */
const neutralPrograms = new Set([
  'deno',
  'echo',
  'rm',
  'cp',
  'mv',
  'mkdir',
  'cd',
  'exit',
  'true',
  'test',
  'cat',
]);

/**
 * A manifest beside `deno.json` that Deno reads for its dependencies only
 * (https://docs.deno.com/runtime/fundamentals/node/): no lock file, no script that another runtime runs.
 */
export function isDenoOnly({ inventory }: DetectContext, { folder, manifest, packages }: Workspace): boolean {
  if (manifest === null || packages.length !== 1) return false;
  if (lockfileNames.some((name) => fileIn(inventory, folder, name) !== null)) return false;
  if (
    textAt(manifest, ['packageManager']) !== null &&
    !/^deno@/.test(textAt(manifest, ['packageManager']) ?? '')
  )
    return false;
  const programs = [...programsOf(manifest).keys()];
  const hasConfig = ['deno.json', 'deno.jsonc'].some((name) => fileIn(inventory, folder, name) !== null);
  if (!hasConfig && !programs.includes('deno')) return false;
  return programs.every((program) => neutralPrograms.has(program));
}

/** Evidence that a package's scripts call Deno. */
export function denoScript({ manifest }: { manifest: Parameters<typeof programsOf>[0] }): Evidence | null {
  const script = manifest.file.text?.includes('deno') ? programsOf(manifest).get('deno') : undefined;
  if (script === undefined) return null;
  return manifest.file.text === null
    ? presence(manifest.file.path, 'deno/script')
    : keyEvidence(manifest.file, ['scripts', script], 'deno/script');
}
