/** What a build of sbt needs. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { applicationOf } from '../jvm/application.ts';
import { dependenciesIn, nativeNeeds } from '../jvm/dependencies.ts';
import { frameworksOf } from '../jvm/frameworks.ts';
import { property } from '../jvm/properties.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins, vendorFindings } from '../jvm/version-files.ts';
import { foldersOf, outermost } from '../shared/folders.ts';
import { pathsBelow } from '../shared/paths.ts';
import { resolvePath } from '../shared/resolve.ts';
import { fileIn, filesNamed, folderOf, isSideFolder, join } from '../shared/tree.ts';
import type { DetectContext, Need, VersionRequest } from '../types.ts';
import { type JavaRange, javaForSbt, javaForScala } from './compat.ts';
import { readSbt, type SbtBuild } from './settings.ts';

/** All builds: a `build.sbt` that lies in no other's folder, or a folder whose `project` names a version of sbt. */
export async function sbtNeeds(context: DetectContext): Promise<Need[]> {
  const { inventory } = context;
  const versioned = [...inventory.files.keys()].filter((path) =>
    /(^|\/)project\/build\.properties$/.test(path),
  );
  const candidates = [
    ...filesNamed(context, ['build.sbt']).map(({ path }) => folderOf(path)),
    ...versioned.filter((path) => isSbt(inventory.files.get(path))).map((path) => folderOf(folderOf(path))),
  ].filter((folder) => !/(^|\/)(target|project)(\/|$)/.test(folder));
  const all = outermost(candidates);
  const main = all.filter((folder) => !isSideFolder(folder));
  const needs = await Promise.all(
    (main.length > 0 ? main : all.slice(0, 1)).map((folder) => buildNeeds(context, folder)),
  );
  return needs.flat();
}

function isSbt(file: ClaimedFile | undefined): boolean {
  return file !== undefined && property(file, 'sbt.version') !== null;
}

async function buildNeeds(context: DetectContext, folder: string): Promise<Need[]> {
  const { inventory } = context;
  const file = fileIn(inventory, folder, 'build.sbt');
  const build = readSbt(file?.text ?? '');
  const sbt = versionOf(fileIn(inventory, join(folder, 'project'), 'build.properties'));
  const scala =
    file === null || build.scala === null
      ? null
      : bound(javaForScala(build.scala.value), evidence(file, build.scala.line, 'scala/scala-version'));
  const bounds = [...(sbt?.bounds ?? []), ...(scala === null ? [] : [scala])];
  const requests = jdkRequests({ pins: await jdkPins(inventory, folder), targets: [], bounds });
  const anchor =
    file === null ? (sbt?.because ?? presence(folder, 'scala/sbt')) : presence(file.path, 'scala/sbt');
  const plugins = fileIn(inventory, join(folder, 'project'), 'plugins.sbt');
  const manifests = [file, fileIn(inventory, join(folder, 'project'), 'Dependencies.scala')].filter(
    (each) => each !== null,
  );
  const dependencies = await dependenciesIn(manifests);
  const frameworks = frameworksOf([
    ...dependencies,
    ...(await dependenciesIn(plugins === null ? [] : [plugins])),
  ]);
  const isPlay =
    build.enabled.some(({ name }) => /^Play(Scala|Java|Service)?$/.test(name)) ||
    frameworks.ids.includes('play');
  const application = applicationOf(inventory, folder, dependencies);
  const isOptional = isSideFolder(folder);
  const projects = [
    { path: folder, name: build.name, isRoot: true },
    ...build.projects.flatMap((each) => {
      const path = resolvePath(folder, each.folder);
      const isThere = path !== null && path !== folder && foldersOf(inventory).has(path);
      return isThere ? [{ path, name: each.id, isRoot: false }] : [];
    }),
  ];
  const needs: Need[] = [...vendorFindings(requests)];
  for (const { path, name, isRoot } of projects) {
    const because = [anchor];
    needs.push({
      kind: 'toolchain',
      id: 'java',
      project: path,
      requests,
      because,
      ...(isOptional ? { optional: true } : {}),
    });
    if (isOptional) continue;
    needs.push(
      {
        kind: 'package-manager',
        id: 'sbt',
        project: path,
        // The launcher of any version fetches the one that the build names.
        requests: [],
        lockfile: null,
        because: sbt === null ? because : [sbt.because],
      },
      ...(isRoot ? nativeNeeds(context, path, dependencies) : []),
      ...(isRoot ? application.services : []),
      {
        kind: 'project',
        path,
        name,
        languages: ['scala', 'java'],
        frameworks: isRoot ? [...new Set([...(isPlay ? ['play'] : []), ...frameworks.ids])] : [],
        packageManager: 'sbt',
        commands: isRoot ? commandsOf(build, isPlay, hasSources(inventory, folder)) : {},
        // http.port: https://www.playframework.com/documentation/latest/Configuration
        ports: isRoot
          ? [...application.ports, ...(isPlay && application.ports.length === 0 ? [9000] : [])]
          : [],
        because,
      },
    );
  }
  return needs;
}

/** https://www.scala-sbt.org/1.x/docs/Command-Line-Reference.html, https://sbt-native-packager.readthedocs.io */
function commandsOf({ enabled, name }: SbtBuild, isPlay: boolean, isProgram: boolean) {
  const isPackaged =
    isPlay ||
    enabled.some((each) =>
      /^(JavaAppPackaging|JavaServerAppPackaging|DockerPlugin|AshScriptPlugin)$/.test(each.name),
    );
  const program = name === null ? null : name.toLowerCase().replace(/[^a-z0-9-]+/g, '-');
  const staged =
    program === null ? './target/universal/stage/bin/*' : `./target/universal/stage/bin/${program}`;
  return {
    install: 'sbt update',
    build: isPackaged ? 'sbt stage' : 'sbt compile',
    test: 'sbt test',
    ...(isPackaged
      ? { start: staged, dev: 'sbt run' }
      : isProgram
        ? { start: 'sbt run', dev: 'sbt run' }
        : {}),
  };
}

/** Sources of the root's own: without them, it holds projects together. https://www.scala-sbt.org/1.x/docs/Directories.html */
function hasSources(inventory: Inventory, folder: string): boolean {
  const own = new RegExp(`^(${['src/main/', 'app/', '[^/]+\\.(scala|java)$'].join('|')})`);
  return pathsBelow(inventory, folder).some((path) =>
    own.test(folder === '.' ? path : path.slice(folder.length + 1)),
  );
}

function versionOf(
  file: ClaimedFile | null,
): { because: VersionRequest['because']; bounds: VersionRequest[] } | null {
  const found = file === null ? null : property(file, 'sbt.version');
  if (file === null || found === null) return null;
  const because = evidence(file, found.line, 'scala/sbt-version');
  const range = bound(javaForSbt(found.value), because);
  return { because, bounds: range === null ? [] : [range] };
}

export function bound(range: JavaRange | null, because: VersionRequest['because']): VersionRequest | null {
  if (range === null) return null;
  return { raw: `>=${range.from}${range.to === null ? '' : ` <${range.to}`}`, scheme: 'semver', because };
}
