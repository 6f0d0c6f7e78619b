/** What the builds of Gradle need. */
import type { ClaimedFile } from '../../../scan/types.ts';
import { evidence, presence } from '../../evidence.ts';
import { applicationOf } from '../../jvm/application.ts';
import { dependenciesIn, type JvmDependency, nativeNeeds } from '../../jvm/dependencies.ts';
import { frameworksOf } from '../../jvm/frameworks.ts';
import { languagesByFolder } from '../../jvm/sources.ts';
import { vendorFindings } from '../../jvm/version-files.ts';
import { isThere } from '../../shared/paths.ts';
import { fileIn, folderOf, isSideFolder, join } from '../../shared/tree.ts';
import type { DetectContext, FindingNeed, Need, PackageManagerNeed, ProjectNeed } from '../../types.ts';
import { bootBounds } from '../spring.ts';
import type { GradleBuild, GradleProject } from './build.ts';
import { gradleBuilds } from './build.ts';
import { gradleCommands } from './commands.ts';
import { gradleJdk } from './jdk.ts';
import type { GradleScript } from './script.ts';

/** Needs of all builds; the folders of their projects are the detector's to know. */
export async function gradleNeeds(context: DetectContext): Promise<{ needs: Need[]; folders: string[] }> {
  const builds = await gradleBuilds(context.inventory);
  const needs = await Promise.all(builds.map((build) => needsOf(context, build)));
  return {
    needs: needs.flat(),
    folders: builds.flatMap(({ projects }) => projects.map(({ folder }) => folder)),
  };
}

async function needsOf(context: DetectContext, build: GradleBuild): Promise<Need[]> {
  const { inventory } = context;
  const shared = await sharedOf(build);
  const jdk = await gradleJdk(inventory, build, bootBounds(build));
  const languages = languagesByFolder(
    inventory,
    build.projects.map(({ folder }) => folder),
  );
  const isOptional = isSideFolder(build.root) || isPartOfAnother(context, build);
  const needs: Need[] = [
    ...jdk.needs,
    ...vendorFindings(jdk.requests),
    // Flutter's own manifest says the same of its Android side.
    ...(stands(context, build, 'pubspec.yaml') ? [] : androidFinding(build)),
    ...nodeFinding(build),
  ];
  for (const project of build.projects) {
    const because = [evidenceOf(build, project, shared)];
    const toolchain = {
      kind: 'toolchain' as const,
      id: 'java',
      project: project.folder,
      requests: jdk.requests,
      because,
    };
    needs.push(isOptional ? { ...toolchain, optional: true } : toolchain);
    if (isOptional) continue;
    const own = dependenciesOf(build, project, shared);
    needs.push(
      managerOf(build, project, because),
      ...nativeNeeds(context, project.folder, own),
      ...projectNeeds(context, build, project, {
        own,
        because,
        shared,
        languages: languages.get(project.folder) ?? new Set(),
      }),
    );
  }
  return needs;
}

/** The Android side of an application whose own manifest stands beside it: React Native, Capacitor, Flutter. */
function isPartOfAnother(context: DetectContext, build: GradleBuild): boolean {
  return ['package.json', 'pubspec.yaml'].some((name) => stands(context, build, name));
}

function stands({ inventory }: DetectContext, { root }: GradleBuild, name: string): boolean {
  return /(^|\/)android$/.test(root) && fileIn(inventory, folderOf(root), name) !== null;
}

/** What the projects of a build have in common, found once. */
interface Shared {
  /** Lines of the settings, by folder of the project. */
  included: ReadonlyMap<string, number>;
  /** Plug-ins of the build itself, by the id that their file gives them. */
  conventions: ReadonlyMap<string, GradleScript>;
  dependencies: ReadonlyMap<ClaimedFile, JvmDependency[]>;
  /** Dependencies of scripts that build no project themselves. */
  ofLogic: readonly JvmDependency[];
}

async function sharedOf(build: GradleBuild): Promise<Shared> {
  const { root, settings, scripts, projects, catalog } = build;
  const own = new Set(projects.map((each) => each.own?.file));
  const dependencies = new Map<ClaimedFile, JvmDependency[]>();
  for (const { file } of scripts) dependencies.set(file, await dependenciesIn([file]));
  if (catalog !== null) dependencies.set(catalog.file, await dependenciesIn([catalog.file]));
  const isLogic = (file: ClaimedFile) =>
    file === catalog?.file ? projects.length === 1 : file !== settings?.file && !own.has(file);
  const folderOfPath = (path: string) => join(root, path.replace(/^:+/, '').replaceAll(':', '/'));
  return {
    included: new Map((settings?.script.includes ?? []).map(({ path, line }) => [folderOfPath(path), line])),
    conventions: new Map(
      scripts.map((each) => [/([^/]+)\.gradle(\.kts)?$/.exec(each.file.path)?.[1] ?? '', each.script]),
    ),
    dependencies,
    ofLogic: [...dependencies].flatMap(([file, all]) => (isLogic(file) ? all : [])),
  };
}

function evidenceOf({ root, settings }: GradleBuild, { own, folder }: GradleProject, { included }: Shared) {
  if (own !== null) return presence(own.file.path, 'java/gradle');
  if (settings === null) return presence(root, 'java/gradle');
  const line = included.get(folder);
  return line === undefined
    ? presence(settings.file.path, 'java/gradle')
    : evidence(settings.file, line, 'java/gradle-include');
}

/** Those of its own script, and of the build's plug-ins; of a catalogue only where there is one project. */
function dependenciesOf(build: GradleBuild, { own, folder }: GradleProject, shared: Shared): JvmDependency[] {
  const isMember = folder !== build.root || build.projects.length === 1;
  const mine = own === null ? [] : (shared.dependencies.get(own.file) ?? []);
  return isMember ? [...mine, ...shared.ofLogic] : mine;
}

function managerOf(
  build: GradleBuild,
  { folder }: GradleProject,
  because: PackageManagerNeed['because'],
): PackageManagerNeed {
  const { wrapper } = build;
  const need: PackageManagerNeed = {
    kind: 'package-manager',
    id: 'gradle',
    project: folder,
    requests: [],
    lockfile: null,
    because,
  };
  if (wrapper === null) return need;
  const at = evidence(wrapper.file, wrapper.line, 'java/gradle-wrapper');
  const requests: PackageManagerNeed['requests'] = [{ raw: wrapper.version, scheme: 'prefix', because: at }];
  return { ...need, requests, because: [at], ...(wrapper.isComplete ? { fetchedFor: 'java' } : {}) };
}

function projectNeeds(
  { inventory }: DetectContext,
  build: GradleBuild,
  project: GradleProject,
  {
    own,
    because,
    shared,
    languages,
  }: {
    own: JvmDependency[];
    because: ProjectNeed['because'];
    shared: Shared;
    languages: ReadonlySet<string>;
  },
): Need[] {
  const plugins = pluginsOf(build, project, shared);
  const frameworks = frameworksOf(own, plugins);
  const application = applicationOf(inventory, project.folder, own);
  const isKotlin = languages.has('kotlin') || plugins.some((id) => kotlinPlugin.test(id));
  const isAll =
    project.folder === build.root &&
    build.scripts.some(({ script }) => script.plugins.some(({ id }) => kotlinPlugin.test(id)));
  const isScala = languages.has('scala') || plugins.includes('scala');
  return [
    ...application.services,
    {
      kind: 'project',
      path: project.folder,
      name: project.name,
      languages: [...(isKotlin || isAll ? ['kotlin'] : []), ...(isScala ? ['scala'] : []), 'java'],
      frameworks: frameworks.ids,
      packageManager: 'gradle',
      commands: gradleCommands(build, project, {
        plugins,
        isHolder:
          project.folder === build.root &&
          build.projects.length > 1 &&
          !isThere(inventory, join(project.folder, 'src')),
        frameworks: frameworks.ids,
      }),
      ports: application.ports.length > 0 ? application.ports : frameworks.ports,
      because,
    },
  ];
}

/** Also by the names that they had before: https://kotlinlang.org/docs/gradle-configure-project.html */
const kotlinPlugin =
  /^(org\.jetbrains\.kotlin\.|libs\.plugins\.kotlin|kotlin$|kotlin2js$|kotlin-(jvm|js|android|multiplatform|platform-\w+)$)/;

/** Plug-ins that a project applies: its own, and those of the build's plug-ins that it applies. */
function pluginsOf(build: GradleBuild, { own }: GradleProject, { conventions }: Shared): string[] {
  const found = new Set<string>();
  const open = (own?.script.plugins ?? [])
    .filter(({ isApplied }) => isApplied)
    .map(({ id }) => resolved(build, id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    for (const plugin of conventions.get(id)?.plugins ?? [])
      if (plugin.isApplied) open.push(resolved(build, plugin.id));
  }
  return [...found];
}

/** The id behind an alias of the version catalogue; the alias itself where the catalogue does not say it. */
function resolved({ catalog }: GradleBuild, id: string): string {
  const alias = /^libs\.plugins\.(?<alias>[\w.]+)$/.exec(id)?.groups?.alias;
  const value = catalog?.document.value;
  if (alias === undefined || typeof value !== 'object' || value === null) return id;
  const plugins: unknown = 'plugins' in value ? value.plugins : null;
  if (typeof plugins !== 'object' || plugins === null) return id;
  const entry: unknown = Object.entries(plugins).find(([key]) => key.replace(/[-_]/g, '.') === alias)?.[1];
  if (typeof entry === 'string') return entry.split(':')[0] ?? id;
  return typeof entry === 'object' && entry !== null && 'id' in entry && typeof entry.id === 'string'
    ? entry.id
    : id;
}

/** https://developer.android.com/build */
function androidFinding(build: GradleBuild): FindingNeed[] {
  for (const { file, script } of build.scripts) {
    const plugin = script.plugins.find(({ id }) => /^com\.android\./.test(resolved(build, id)));
    if (plugin === undefined) continue;
    return [
      {
        kind: 'finding',
        code: 'android-sdk',
        severity: 'warning',
        message:
          'this is an Android project: the environment has the JDK, and not the Android SDK, whose licence must be accepted',
        hint: 'Set ANDROID_HOME to an SDK of yours, or make one with androidenv.composeAndroidPackages of nixpkgs.',
        because: [evidence(file, plugin.line, 'java/android')],
      },
    ];
  }
  return [];
}

/** https://github.com/node-gradle/gradle-node-plugin */
function nodeFinding(build: GradleBuild): FindingNeed[] {
  for (const { file, script } of build.scripts) {
    const plugin = script.plugins.find(({ id }) => resolved(build, id) === 'com.github.node-gradle.node');
    if (plugin === undefined || !/\bdownload\b[\s(.set=]{0,9}true/.test((file.text ?? '').slice(0, 100_000)))
      continue;
    return [
      {
        kind: 'finding',
        code: 'downloaded-program',
        severity: 'warning',
        message: 'the build downloads Node.js, a program that does not start on NixOS',
        hint: 'Say `download = false` in its block "node": then the Node.js on PATH is used.',
        because: [evidence(file, plugin.line, 'java/node-plugin')],
      },
    ];
  }
  return [];
}
