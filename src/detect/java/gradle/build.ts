/** Builds of Gradle: which folders, which projects, what their scripts say together. */
import type { ParsedDocument } from '../../../parse/document.ts';
import { valueAt } from '../../../parse/value.ts';
import type { ClaimedFile, Inventory } from '../../../scan/types.ts';
import { propertiesOf, property } from '../../jvm/properties.ts';
import { foldersOf, outermost, ownerOf } from '../../shared/folders.ts';
import { parseTomlFile } from '../../shared/parsed.ts';
import { resolvePath } from '../../shared/resolve.ts';
import { fileIn, folderOf, isBelow, isSideFolder, join, nameOf } from '../../shared/tree.ts';
import { type GradleScript, readScript, type Said } from './script.ts';

export interface ScriptFile {
  file: ClaimedFile;
  script: GradleScript;
}

export interface GradleProject {
  folder: string;
  /** Its build script; null where only the settings speak of it. */
  own: ScriptFile | null;
  name: string | null;
}

export interface GradleWrapper {
  file: ClaimedFile;
  line: number;
  version: string;
  /** Script and jar are there, so that it can run. */
  isComplete: boolean;
}

export interface GradleBuild {
  root: string;
  settings: ScriptFile | null;
  projects: GradleProject[];
  /** All scripts below the root: of projects, of plug-ins in buildSrc and in included builds. */
  scripts: ScriptFile[];
  wrapper: GradleWrapper | null;
  catalog: { file: ClaimedFile; document: ParsedDocument } | null;
}

const settingsNames = ['settings.gradle', 'settings.gradle.kts'];
const buildNames = ['build.gradle', 'build.gradle.kts'];

/** All builds, outermost first; a folder of examples or tests has none where there are others. */
export async function gradleBuilds(inventory: Inventory): Promise<GradleBuild[]> {
  const scripts = [...inventory.files.values()].filter(isScript).map((file) => ({
    file,
    script: readScript(file.text ?? '', file.path.endsWith('.kts')),
  }));
  const folders = (names: readonly string[]) =>
    scripts.filter(({ file }) => names.includes(nameOf(file.path))).map(({ file }) => folderOf(file.path));
  const roots = outermost(folders(settingsNames));
  const rootSet = new Set(roots);
  const lonely = folders(buildNames).filter((folder) => ownerOf(folder, rootSet) === null);
  const all = [...roots, ...outermost(lonely)];
  const main = all.filter((root) => !isSideFolder(root));
  const chosen = new Set(main.length > 0 ? main : all.slice(0, 1));
  const byRoot = new Map<string, ScriptFile[]>([...chosen].map((root) => [root, []]));
  for (const each of scripts) {
    const owner = ownerOf(folderOf(each.file.path), chosen);
    if (owner !== null) byRoot.get(owner)?.push(each);
  }
  return Promise.all([...byRoot].map(([root, own]) => buildAt(inventory, root, own)));
}

function isScript({ path, text, isHint }: ClaimedFile): boolean {
  return (
    text !== null &&
    isHint !== true &&
    /\.gradle(\.kts)?$/.test(path) &&
    !/(^|\/)(node_modules|build|\.gradle)\//.test(path)
  );
}

async function buildAt(
  inventory: Inventory,
  root: string,
  scripts: readonly ScriptFile[],
): Promise<GradleBuild> {
  const byPath = new Map(scripts.map((each) => [each.file.path, each]));
  const at = (folder: string, names: readonly string[]) =>
    names.map((name) => byPath.get(join(folder, name))).find((each) => each !== undefined) ?? null;
  const settings = at(root, settingsNames);
  const catalogFile = fileIn(inventory, join(root, 'gradle'), 'libs.versions.toml');
  const document = catalogFile === null ? null : await parseTomlFile(catalogFile);
  const folders = new Map<string, string | null>([[root, settings?.script.rootName ?? null]]);
  for (const { path } of settings?.script.includes ?? []) {
    const name = path.replace(/^:+/, '');
    const given = settings?.script.folders.get(path) ?? settings?.script.folders.get(`:${name}`);
    const folder = resolvePath(root, given ?? name.replaceAll(':', '/'));
    if (folder !== null && foldersOf(inventory).has(folder)) {
      folders.set(folder, name.split(':').at(-1) ?? null);
    }
  }
  for (const { file } of scripts) {
    const folder = folderOf(file.path);
    const isOwn = buildNames.includes(nameOf(file.path)) && !isLogic(folder, root, settings);
    if (isOwn && !folders.has(folder) && !isSideFolder(folder)) folders.set(folder, nameOf(folder));
  }
  return {
    root,
    settings,
    projects: [...folders].map(([folder, name]) => ({ folder, own: at(folder, buildNames), name })),
    scripts: scripts.filter(({ file }) => !isSideFolder(folderOf(file.path)) || folderOf(file.path) === root),
    wrapper: wrapperOf(inventory, root),
    catalog: catalogFile === null || document === null ? null : { file: catalogFile, document },
  };
}

/** Plug-ins of the build itself: https://docs.gradle.org/current/userguide/sharing_build_logic_between_subprojects.html */
function isLogic(folder: string, root: string, settings: ScriptFile | null): boolean {
  const builds = ['buildSrc', ...(settings?.script.includedBuilds ?? [])];
  return builds.some((build) => {
    const path = resolvePath(root, build);
    return path !== null && path !== root && isBelow(folder, path);
  });
}

const distribution = /gradle-(?<version>\d[\w.+-]{0,60}?)-(?:bin|all)\.zip/;

/** https://docs.gradle.org/current/userguide/gradle_wrapper.html */
function wrapperOf(inventory: Inventory, root: string): GradleWrapper | null {
  const folder = join(root, 'gradle/wrapper');
  const file = fileIn(inventory, folder, 'gradle-wrapper.properties');
  const url = file === null ? null : property(file, 'distributionUrl');
  const version = distribution.exec(url?.value ?? '')?.groups?.version;
  if (file === null || url === null || version === undefined) return null;
  const has = (path: string) => inventory.files.has(path);
  const isComplete = has(join(root, 'gradlew')) && has(join(folder, 'gradle-wrapper.jar'));
  return { file, line: url.line, version, isComplete };
}

/** The text that is meant: as written, or what its name stands for; null where that is computed. */
export function meaningOf(
  inventory: Inventory,
  build: GradleBuild,
  { script }: ScriptFile,
  said: Said,
): string | null {
  if (said.value !== null || said.name === null) return said.value;
  const plain = said.name.replace(/^(project|rootProject|ext|extra|project\.ext|rootProject\.ext)\./, '');
  const alias = /^libs\.versions\.(?<alias>[\w.]+)$/.exec(said.name)?.groups?.alias;
  if (alias !== undefined) return catalogVersion(build, alias);
  const own = script.constants.get(plain);
  if (own !== undefined) return own;
  const { properties, constants } = saidBy(inventory, build);
  return properties.get(plain) ?? constants.get(plain) ?? null;
}

/** What a name stands for in all of a build: in its properties, or in all scripts that set it. */
interface Names {
  properties: ReadonlyMap<string, string>;
  /** Null where scripts do not agree. */
  constants: ReadonlyMap<string, string | null>;
}

const known = new WeakMap<GradleBuild, Names>();

function saidBy(inventory: Inventory, build: GradleBuild): Names {
  const before = known.get(build);
  if (before !== undefined) return before;
  const file = fileIn(inventory, build.root, 'gradle.properties');
  const all = file === null ? [] : propertiesOf(file);
  const constants = new Map<string, string | null>();
  for (const { script } of build.scripts) {
    for (const [name, value] of script.constants) {
      const other = constants.get(name);
      constants.set(name, other === undefined || other === value ? value : null);
    }
  }
  const names = { properties: new Map(all.map(({ key, value }) => [key, value])), constants };
  known.set(build, names);
  return names;
}

/** Aliases of a catalogue have dots where their names have `-` or `_`. */
function catalogVersion({ catalog }: GradleBuild, alias: string): string | null {
  const versions = valueAt(catalog?.document.value, ['versions']);
  if (typeof versions !== 'object' || versions === null) return null;
  const found = Object.entries(versions).find(([key]) => key.replace(/[-_]/g, '.') === alias)?.[1];
  return typeof found === 'string' ? found : null;
}
