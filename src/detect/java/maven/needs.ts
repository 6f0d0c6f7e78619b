/** What the projects of Maven need. */
import { append } from '../../../append.ts';
import type { ClaimedFile, Inventory } from '../../../scan/types.ts';
import { evidence, presence } from '../../evidence.ts';
import { applicationOf } from '../../jvm/application.ts';
import { dependenciesIn, type JvmDependency, nativeNeeds } from '../../jvm/dependencies.ts';
import { frameworksOf } from '../../jvm/frameworks.ts';
import { property } from '../../jvm/properties.ts';
import { jdkRequests } from '../../jvm/requests.ts';
import { languagesByFolder } from '../../jvm/sources.ts';
import { jdkPins, vendorFindings } from '../../jvm/version-files.ts';
import { hasPath } from '../../shared/paths.ts';
import { resolvePath } from '../../shared/resolve.ts';
import { ancestors, fileIn, filesNamed, folderOf, isSideFolder, join } from '../../shared/tree.ts';
import type { DetectContext, FindingNeed, Need, VersionRequest } from '../../types.ts';
import { mavenCommands } from './commands.ts';
import { mavenJdk, ruleVersions } from './jdk.ts';
import { chainOf, coordinate, hasPlugin, type Pom, type PomChain, pomPath, readPom } from './pom.ts';

interface Reactor {
  root: Pom;
  members: Pom[];
}

/** Needs of all trees of modules; a pom that cannot be read is a finding. */
export async function mavenNeeds(context: DetectContext): Promise<{ needs: Need[]; folders: string[] }> {
  const { inventory } = context;
  const needs: Need[] = [];
  const poms = new Map<ClaimedFile, Pom>();
  for (const file of filesNamed(context, ['pom.xml'])) {
    if (file.text === null || /(^|\/)(target|node_modules|src)\//.test(file.path)) continue;
    const pom = readPom(file);
    if ('problem' in pom) append(needs, unreadable(file, pom.problem));
    else poms.set(file, pom);
  }
  const reactors = reactorsOf([...poms.values()]);
  const languages = languagesByFolder(
    inventory,
    reactors.flatMap(({ members }) => members.map(({ folder }) => folder)),
  );
  const pomAt = (file: ClaimedFile) => poms.get(file) ?? null;
  for (const reactor of reactors) append(needs, await reactorNeeds(context, reactor, pomAt, languages));
  return { needs, folders: reactors.flatMap(({ members }) => members.map(({ folder }) => folder)) };
}

function unreadable(file: ClaimedFile, { line, message }: { line: number | null; message: string }): Need[] {
  const project = folderOf(file.path);
  const because = [line === null ? presence(file.path, 'parse') : evidence(file, line, 'parse')];
  return [
    {
      kind: 'toolchain',
      id: 'java',
      project,
      requests: [],
      because,
      ...(isSideFolder(project) ? { optional: true } : {}),
    },
    {
      kind: 'finding',
      code: 'unreadable-manifest',
      severity: 'error',
      message: `${file.path}${line === null ? '' : `:${line}`} is ${message}`,
      hint: 'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
      because,
    },
  ];
}

/** Poms that no other names as a module, each with those that it names, and they in turn. */
function reactorsOf(poms: readonly Pom[]): Reactor[] {
  const byPath = new Map(poms.map((pom) => [pom.file.path, pom]));
  const modulesOf = (pom: Pom) =>
    pom.modules.flatMap((module) => {
      const path = resolvePath(pom.folder, module);
      const found = path === null ? undefined : (byPath.get(path) ?? byPath.get(pomPath(path)));
      return found === undefined || found === pom ? [] : [found];
    });
  const named = new Set(poms.flatMap(modulesOf));
  const roots = poms.filter((pom) => !named.has(pom));
  const taken = new Set<Pom>();
  const reactors = (roots.length > 0 ? roots : poms.slice(0, 1)).map((root) => {
    const members: Pom[] = [];
    const open = [root];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (taken.has(next)) continue;
      taken.add(next);
      members.push(next);
      append(open, modulesOf(next).toReversed());
    }
    return { root, members };
  });
  const main = reactors.filter(({ root }) => !isSideFolder(root.folder));
  return main.length > 0 ? main : reactors.slice(0, 1);
}

async function reactorNeeds(
  context: DetectContext,
  { root, members }: Reactor,
  pomAt: (file: ClaimedFile) => Pom | null,
  languages: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Need[]> {
  const { inventory } = context;
  const chains = members.map((member) => chainOf(inventory, member, pomAt));
  if (isForPublishing(inventory, chains, languages)) return [];
  const said = chains.map(mavenJdk);
  const requests = jdkRequests({
    pins: [...(await jdkPins(inventory, root.folder)), ...said.flatMap(({ pins }) => pins)],
    targets: said.flatMap(({ targets }) => targets),
    bounds: distinct(said.flatMap(({ bounds }) => bounds)),
  });
  const wrapper = wrapperOf(inventory, root.folder);
  const isOptional = isSideFolder(root.folder);
  const needs: Need[] = [
    ...vendorFindings(requests),
    ...toolchainFinding(said.flatMap(({ pins }) => pins)),
    ...nodeFinding(chains),
  ];
  for (const [at, chain] of chains.entries()) {
    const [pom] = chain;
    const because = [presence(pom.file.path, 'java/maven')];
    const toolchain = { kind: 'toolchain' as const, id: 'java', project: pom.folder, requests, because };
    needs.push(isOptional ? { ...toolchain, optional: true } : toolchain);
    if (isOptional) continue;
    const own = await dependenciesIn(chain.map(({ file }) => file));
    needs.push(
      {
        kind: 'package-manager',
        id: 'maven',
        project: pom.folder,
        lockfile: null,
        ...(wrapper === null
          ? { requests: enforcedMaven(chain), because }
          : {
              requests: [wrapper.request],
              because: [wrapper.request.because],
              ...(wrapper.isComplete ? { fetchedFor: 'java' } : {}),
            }),
      },
      ...nativeNeeds(context, pom.folder, own),
      ...projectNeeds(inventory, chain, own, {
        isRoot: at === 0,
        maven: wrapper?.isComplete === true ? './mvnw' : 'mvn',
        languages: languages.get(pom.folder) ?? new Set(),
      }),
    );
  }
  return needs;
}

/**
 * A pom that the tools of Clojure have written, for repositories of artifacts: nothing in it compiles or tests what
 * they build. https://clojure.org/guides/tools_build
 */
function isForPublishing(
  inventory: Inventory,
  chains: readonly PomChain[],
  languages: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  const [chain, ...modules] = chains;
  if (chain === undefined || modules.length > 0 || buildsClojure(chain)) return false;
  const [{ folder }] = chain;
  const own = languages.get(folder) ?? new Set();
  const isOther = own.has('java') || own.has('kotlin') || own.has('scala');
  return !isOther && ['deps.edn', 'project.clj'].some((name) => hasPath(inventory, join(folder, name)));
}

/** By its plug-in, or by the parent of Clojure's own libraries, which has it: https://github.com/clojure/build.poms */
function buildsClojure(chain: PomChain): boolean {
  const parent = chain.at(-1)?.parent;
  return hasPlugin(chain, 'clojure-maven-plugin') || parent?.artifact === 'pom.contrib';
}

function projectNeeds(
  inventory: Inventory,
  chain: PomChain,
  dependencies: readonly JvmDependency[],
  { isRoot, maven, languages }: { isRoot: boolean; maven: string; languages: ReadonlySet<string> },
): Need[] {
  const [pom] = chain;
  const parent = chain.at(-1)?.parent;
  const inherited = parent == null ? [] : [{ name: `${parent.group}:${parent.artifact}` }];
  const frameworks = frameworksOf([...dependencies, ...inherited]);
  const application = applicationOf(inventory, pom.folder, dependencies);
  const isKotlin =
    languages.has('kotlin') || pom.plugins.some(({ artifact }) => artifact === 'kotlin-maven-plugin');
  const isScala =
    languages.has('scala') || pom.plugins.some(({ artifact }) => artifact === 'scala-maven-plugin');
  const isClojure = buildsClojure(chain) && languages.has('clojure');
  return [
    ...application.services,
    {
      kind: 'project',
      path: pom.folder,
      name: coordinate(chain, 'artifactId'),
      languages: [
        ...(isKotlin ? ['kotlin'] : []),
        ...(isScala ? ['scala'] : []),
        // Beside sources in Java, it may be that only tests are in it.
        ...(isClojure && !languages.has('java') ? ['clojure'] : []),
        'java',
        ...(isClojure ? ['clojure'] : []),
      ].filter((id, at, all) => all.indexOf(id) === at),
      frameworks: frameworks.ids,
      packageManager: 'maven',
      commands: mavenCommands(chain, { isRoot, maven, frameworks: frameworks.ids }),
      ports: application.ports.length > 0 ? application.ports : frameworks.ports,
      because: [presence(pom.file.path, 'java/maven')],
    },
  ];
}

const distribution = /apache-maven-(?<version>\d[\w.+-]{0,60}?)-bin\./;

/** https://maven.apache.org/tools/wrapper/ */
function wrapperOf(
  inventory: Inventory,
  folder: string,
): { request: VersionRequest; isComplete: boolean } | null {
  for (const at of ancestors(folder)) {
    const file = fileIn(inventory, join(at, '.mvn/wrapper'), 'maven-wrapper.properties');
    const url = file === null ? null : property(file, 'distributionUrl');
    const version = distribution.exec(url?.value ?? '')?.groups?.version;
    if (file === null || url === null || version === undefined) continue;
    const because = evidence(file, url.line, 'java/maven-wrapper');
    const isComplete = at === folder && inventory.files.has(join(at, 'mvnw'));
    return { request: { raw: version, scheme: 'prefix', because }, isComplete };
  }
  return null;
}

/** https://maven.apache.org/enforcer/enforcer-rules/requireMavenVersion.html */
function enforcedMaven(chain: PomChain): VersionRequest[] {
  return chain.flatMap(({ file, plugins }) =>
    plugins
      .filter(({ artifact }) => artifact === 'maven-enforcer-plugin')
      .flatMap(({ element }) => ruleVersions(chain, element, 'requireMavenVersion'))
      .map(({ value, line }) => ({
        raw: value,
        scheme: 'maven' as const,
        because: evidence(file, line, 'java/maven-enforcer'),
      })),
  );
}

/** https://maven.apache.org/guides/mini/guide-using-toolchains.html */
function toolchainFinding(pins: readonly VersionRequest[]): FindingNeed[] {
  return pins.slice(0, 1).map(({ raw, because }) => ({
    kind: 'finding',
    code: 'maven-toolchains',
    severity: 'info',
    message: `the toolchains plug-in looks for JDK ${raw} in ~/.m2/toolchains.xml, which is no file of the repository`,
    hint: 'Write one whose jdkHome is the value of JAVA_HOME, which the environment sets.',
    because: [because],
  }));
}

/** https://github.com/eirslett/frontend-maven-plugin */
function nodeFinding(chains: readonly PomChain[]): FindingNeed[] {
  const chain = chains.find((each) => hasPlugin(each, 'frontend-maven-plugin'));
  if (chain === undefined) return [];
  const pom =
    chain.find(({ plugins }) => plugins.some(({ artifact }) => artifact === 'frontend-maven-plugin')) ??
    chain[0];
  const line = pom.plugins.find(({ artifact }) => artifact === 'frontend-maven-plugin')?.element.line ?? null;
  return [
    {
      kind: 'finding',
      code: 'downloaded-program',
      severity: 'warning',
      message: 'the build downloads Node.js, a program that does not start on NixOS',
      hint: 'Run Maven with -Dskip.installnodenpm, and Node.js on PATH.',
      because: [evidence(pom.file, line, 'java/frontend-plugin')],
    },
  ];
}

function distinct(requests: readonly VersionRequest[]): VersionRequest[] {
  return [...new Map(requests.map((each) => [`${each.scheme} ${each.raw}`, each])).values()];
}
