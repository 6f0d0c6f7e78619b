/** Which folders hold Python: projects, folders beside them, and programs without a manifest. */
import { append } from '../../append.ts';
import { addTo } from '../../grouped.ts';
import type { Evidence } from '../../plan/schema.ts';
import { presence } from '../evidence.ts';
import { isBinderFolder } from '../shared/binder.ts';
import { folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { DetectContext } from '../types.ts';
import { type Manifests, projectSection, projectTable, readManifests } from './manifests.ts';
import { pathsOf } from './paths.ts';
import { requirementsOwner } from './requirements-files.ts';
import { parseVersionText } from './version-text.ts';

export interface PythonFolder {
  manifests: Manifests;
  because: Evidence[];
}

export interface PythonFolders {
  /** Path order. */
  projects: PythonFolder[];
  /** Examples, tests, documentation, scripts: what only they need is optional. */
  side: PythonFolder[];
}

/** Files that only a project in Python has. */
const certain = new Set([
  ...['setup.py', 'Pipfile', 'Pipfile.lock', 'poetry.lock', 'uv.lock', 'pdm.lock', 'pylock.toml'],
]);
/** Files that say so by what stands in them. */
const possible = new Set(['pyproject.toml', 'setup.cfg', 'runtime.txt', '.python-version']);
/** Programs that are run where they stand. */
const programs = new Set([
  'manage.py',
  'main.py',
  'app.py',
  'run.py',
  'server.py',
  'wsgi.py',
  'asgi.py',
  'bot.py',
]);

const docs = /(^|\/)(docs?|documentation|website)(\/|$)/i;
const foreign = /(^|\/)(vendor|third[_-]?party|external|\.[^/]+)(\/|$)/i;
/** Folders whose requirements serve a few scripts, where nothing else stands there. */
const helpers = /(^|\/)(scripts?|tools?|utils?|hack|ci|bin|misc|contrib|notebooks?)(\/|$)/i;

/** Manifests of other languages: a stray Python program beside them makes no project. */
const otherManifests = [
  ...['package.json', 'go.mod', 'Cargo.toml', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'Gemfile'],
  ...['composer.json', 'mix.exs', 'Package.swift', 'pubspec.yaml', 'deno.json', 'deno.jsonc', 'gleam.toml'],
  ...['CMakeLists.txt', 'build.zig', 'shard.yml', 'stack.yaml', 'DESCRIPTION', 'Project.toml', 'meson.build'],
];

/** Finds every folder that holds Python and reads its manifests. */
export async function pythonFolders(context: DetectContext): Promise<PythonFolders> {
  const { certainly, possibly, run } = candidates(context);
  const found: PythonFolders = { projects: [], side: [] };
  const loose: PythonFolder[] = [];
  const folders = [...new Set([...certainly.keys(), ...possibly])].sort();
  for (const folder of folders) {
    const manifests = await readManifests(context.inventory, folder);
    const because = [...declaredBy(manifests), ...(certainly.get(folder) ?? [])];
    if (because.length === 0) loose.push({ manifests, because });
    else (isBeside(manifests) ? found.side : found.projects).push({ manifests, because });
  }
  if (found.projects.length === 0) append(found.projects, await withoutManifest(context, loose, run));
  return found;
}

function candidates(context: DetectContext) {
  const certainly = new Map<string, Evidence[]>();
  const possibly = new Set<string>();
  const run: string[] = [];
  for (const path of context.inventory.files.keys()) {
    // A cookiecutter's placeholders: not a project yet, and not TOML either. Binder's folder speaks for the root.
    if (/\{[{%]/.test(path) || isBinderFolder(folderOf(path))) continue;
    const name = nameOf(path);
    const owner = certain.has(name) ? folderOf(path) : requirementsOwner(path);
    if (owner !== null) {
      const because = certainly.get(owner) ?? [];
      because.push(
        presence(
          path,
          `python/${owner === folderOf(path) && certain.has(name) ? 'manifest' : 'requirements'}`,
        ),
      );
      certainly.set(owner, because);
    } else if (possible.has(name)) {
      possibly.add(folderOf(path));
    } else if (programs.has(name)) {
      run.push(path);
    }
  }
  return { certainly, possibly, run };
}

function declaredBy(manifests: Manifests): Evidence[] {
  const { pyproject, setupCfg } = manifests;
  const table = pyproject === null ? null : projectTable(pyproject);
  if (pyproject !== null && table !== null) return [pyproject.because(table, 'python/pyproject')];
  const section = setupCfg === null ? null : projectSection(setupCfg);
  return setupCfg === null || section === null ? [] : [presence(setupCfg.file.path, 'python/setup-cfg')];
}

function isBeside({ folder, pyproject, setupPy, setupCfg, pipfile, locks }: Manifests): boolean {
  if (folder === '.') return false;
  if (isSideFolder(folder) || docs.test(folder) || foreign.test(folder)) return true;
  const isMore =
    setupPy !== null || setupCfg !== null || pyproject !== null || pipfile !== null || locks.size > 0;
  return !isMore && helpers.test(folder);
}

/**
 * Programs without a manifest: Django's `manage.py` wherever it stands, an entry point at the root, or
 * Python files below something that only configures their tools. Another language's manifest in the same
 * folder says that they are its helpers.
 */
async function withoutManifest(
  context: DetectContext,
  loose: readonly PythonFolder[],
  run: readonly string[],
): Promise<PythonFolder[]> {
  const paths = pathsOf(context.inventory);
  const isForeign = (folder: string) => otherManifests.some((name) => paths.has(join(folder, name)));
  const evidence = new Map<string, Evidence[]>();
  const add = (folder: string, because: Evidence) => addTo(evidence, folder, because);
  for (const path of run) {
    const folder = folderOf(path);
    if (isForeign(folder) || (folder !== '.' && (nameOf(path) !== 'manage.py' || isSideFolder(folder))))
      continue;
    add(folder, presence(path, 'python/program'));
  }
  for (const { manifests } of loose) {
    const { folder, pyproject, setupCfg } = manifests;
    if (isForeign(folder) || isBeside(manifests) || !paths.hasProgram(folder)) continue;
    const runtime = context.inventory.files.get(join(folder, 'runtime.txt'));
    const names = [
      ...(pyproject === null ? [] : [pyproject.file.path]),
      ...(setupCfg === null ? [] : [setupCfg.file.path]),
      ...(context.inventory.files.has(join(folder, '.python-version'))
        ? [join(folder, '.python-version')]
        : []),
      ...(parseVersionText((runtime?.text ?? '').split(/\s/)[0] ?? '') === null
        ? []
        : [join(folder, 'runtime.txt')]),
    ];
    for (const path of names) add(folder, presence(path, 'python/configured'));
  }
  const folders = [...evidence.keys()].sort();
  return Promise.all(
    folders.map(async (folder) => ({
      manifests: await readManifests(context.inventory, folder),
      because: evidence.get(folder) ?? [],
    })),
  );
}
