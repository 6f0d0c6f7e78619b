/** Ant, where its build file compiles Java: other tools have build files of this name too. */
import { append } from '../../append.ts';
import { descendants, parseXml, type XmlElement } from '../../parse/xml.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { jdkRequests } from '../jvm/requests.ts';
import { jdkPins } from '../jvm/version-files.ts';
import { ownerOf } from '../shared/folders.ts';
import { hasPath, pathsBelow } from '../shared/paths.ts';
import { depthOf, filesNamed, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { DetectContext, Need, VersionRequest } from '../types.ts';

interface BuildFile {
  file: ClaimedFile;
  root: XmlElement;
}

/**
 * https://ant.apache.org/manual/Tasks/javac.html. A build file whose compiling is done by what it imports, calls, or
 * defines as a task, is Ant's where there are sources of Java below it.
 */
export async function antNeeds(context: DetectContext): Promise<Need[]> {
  const needs: Need[] = [];
  const folders = new Set<string>();
  const builds = filesNamed(context, ['build.xml']).flatMap(parsed);
  for (const build of builds.sort((a, b) => depthOf(a.file.path) - depthOf(b.file.path))) {
    const project = folderOf(build.file.path);
    if (isSideFolder(project)) continue;
    const own = compilersOf(build, [build]);
    const isOuter = ownerOf(project, folders) === null;
    const helpers = own.length > 0 ? [] : helpersOf(context.inventory, build.file.path, folders);
    const compilers =
      own.length > 0 ? own : helpers.flatMap((each) => compilersOf(each, [build, ...helpers]));
    const calls =
      isOuter &&
      isAnt(build.root) &&
      pathsBelow(context.inventory, project).some((path) => path.endsWith('.java')) &&
      // What the SDK's tools wrote imports a build file of the SDK.
      !hasPath(context.inventory, join(project, 'AndroidManifest.xml'));
    if (own.length === 0 && !calls) continue;
    folders.add(project);
    append(needs, await needsOf(context, build, compilers));
  }
  return needs;
}

async function needsOf(
  { inventory }: DetectContext,
  { file, root }: BuildFile,
  compilers: readonly Compiler[],
): Promise<Need[]> {
  const project = folderOf(file.path);
  const first = compilers.find((each) => each.file === file);
  const because = [evidence(file, first?.line ?? root.line, 'java/ant')];
  const targets = compilers.flatMap(({ file: from, line, raw }): VersionRequest[] =>
    raw === null ? [] : [{ raw, scheme: 'java-target', because: evidence(from, line, 'java/ant') }],
  );
  const requests = jdkRequests({ pins: await jdkPins(inventory, project), targets, bounds: [] });
  const named = new Set(descendants(root, 'target').map(({ element }) => element.attributes.name));
  return [
    { kind: 'toolchain', id: 'java', project, requests, because },
    { kind: 'tool', id: 'ant', project, because },
    {
      kind: 'project',
      path: project,
      name: null,
      languages: ['java'],
      frameworks: [],
      packageManager: null,
      commands: {
        build: 'ant',
        ...(named.has('test') ? { test: 'ant test' } : {}),
        ...(named.has('run') ? { start: 'ant run' } : {}),
      },
      ports: [],
      because,
    },
  ];
}

function parsed(file: ClaimedFile): BuildFile[] {
  const result = parseXml(file.text ?? '');
  return 'problem' in result || result.root.name !== 'project' ? [] : [{ file, root: result.root }];
}

/** https://ant.apache.org/manual/using.html#projects */
function isAnt({ children }: XmlElement): boolean {
  return children.some(({ name }) => name === 'target' || name === 'import');
}

/** Build files beside and below that no other project has: what is imported, or called with `antfile`. */
function helpersOf(inventory: Inventory, path: string, taken: ReadonlySet<string>): BuildFile[] {
  return pathsBelow(inventory, folderOf(path))
    .flatMap((at) => inventory.files.get(at) ?? [])
    .filter(
      (file) =>
        file.path !== path &&
        file.path.endsWith('.xml') &&
        /build|common/.test(nameOf(file.path)) &&
        depthOf(file.path) <= depthOf(path) + 1 &&
        !taken.has(folderOf(file.path)),
    )
    .slice(0, 20)
    .flatMap(parsed);
}

interface Compiler {
  file: ClaimedFile;
  line: number;
  /** The release of Java that it compiles for. */
  raw: string | null;
}

/** Calls of `javac`, and of tasks that are named after it (`xjavac`); properties are looked up in all files. */
function compilersOf({ file, root }: BuildFile, files: readonly BuildFile[]): Compiler[] {
  const properties = new Map<string, string>();
  for (const { element } of files.flatMap((each) => descendants(each.root, 'property'))) {
    const { name, value } = element.attributes;
    // The first value of a property stays: https://ant.apache.org/manual/properties.html
    if (name !== undefined && value !== undefined && !properties.has(name)) properties.set(name, value);
  }
  return ['javac', 'xjavac']
    .flatMap((task) => descendants(root, task))
    .map(({ element: { attributes, line } }) => {
      const written = attributes.release ?? attributes.target ?? attributes.source ?? '';
      const name = /^\$\{(?<name>[^{}]{1,100})\}$/.exec(written)?.groups?.name;
      const raw = name === undefined ? written : (properties.get(name) ?? '');
      return { file, line, raw: /^\d{1,3}(\.\d{1,3})?$/.test(raw) ? raw : null };
    });
}
