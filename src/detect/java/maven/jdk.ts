/** What poms say of the JDK. */
import type { XmlElement } from '../../../parse/xml.ts';
import { evidence } from '../../evidence.ts';
import type { VersionRequest } from '../../types.ts';
import { javaForBoot } from '../spring.ts';
import { configured, interpolated, type PomChain, type PomValue, propertyOf } from './pom.ts';

/** Parents that the repository does not hold, and which compile for a release unless told otherwise. */
export interface MavenJdk {
  pins: VersionRequest[];
  targets: VersionRequest[];
  bounds: VersionRequest[];
}

/**
 * Where the compiler's release stands, the strongest first
 * (https://maven.apache.org/plugins/maven-compiler-plugin/compile-mojo.html).
 */
const properties: readonly string[] = [
  'maven.compiler.release',
  'java.version',
  'maven.compiler.target',
  'maven.compiler.source',
  'release.version',
  'jdk.version',
  'kotlin.compiler.jvmTarget',
];

export function mavenJdk(chain: PomChain): MavenJdk {
  const request = ({ file, line, value }: PomValue, scheme: VersionRequest['scheme'], rule: string) => ({
    raw: value,
    scheme,
    because: evidence(file, line, rule),
  });
  const target = compilerTarget(chain) ?? propertyTarget(chain);
  const toolchain = configured(chain, 'maven-toolchains-plugin', 'version');
  // https://maven.apache.org/enforcer/enforcer-rules/requireJavaVersion.html
  const enforced = chain.flatMap(({ file, plugins }) =>
    plugins
      .filter(({ artifact }) => artifact === 'maven-enforcer-plugin')
      .flatMap(({ element }) =>
        ruleVersions(chain, element, 'requireJavaVersion').map((each) => ({ ...each, file })),
      ),
  );
  return {
    pins: toolchain
      .slice(0, 1)
      .map((each) => request(each, 'java-range', 'java/maven-toolchain'))
      .map(exactly),
    targets: target === null ? bootDefault(chain) : [request(target, 'java-target', 'java/maven-compiler')],
    bounds: [
      ...enforced.map((each) => request(each, 'java-range', 'java/maven-enforcer')),
      ...bootBound(chain),
    ],
  };
}

/** A version without brackets is that one for toolchains. */
function exactly(request: VersionRequest): VersionRequest {
  return /^[[(]/.test(request.raw) ? request : { ...request, scheme: 'java' };
}

function compilerTarget(chain: PomChain): PomValue | null {
  for (const name of ['release', 'target', 'source']) {
    const found = configured(chain, 'maven-compiler-plugin', name).find(({ value }) =>
      /^[\d.]+$/.test(value),
    );
    if (found !== undefined) return found;
  }
  const [kotlin] = configured(chain, 'kotlin-maven-plugin', 'jvmTarget');
  return kotlin ?? null;
}

function propertyTarget(chain: PomChain): PomValue | null {
  for (const name of properties) {
    const found = propertyOf(chain, name);
    const value = found === null ? null : interpolated(chain, found.value);
    if (found !== null && value !== null && /^\d[\d.]*$/.test(value.trim()))
      return { ...found, value: value.trim() };
  }
  return null;
}

function bootParent(chain: PomChain) {
  const last = chain.at(-1);
  const parent = last?.parent;
  if (last === undefined || parent == null || parent.artifact !== 'spring-boot-starter-parent') return null;
  return { version: parent.version, because: evidence(last.file, parent.line, 'java/spring-boot') };
}

/** spring-boot-starter-parent sets java.version: https://docs.spring.io/spring-boot/maven-plugin/using.html */
function bootDefault(chain: PomChain): VersionRequest[] {
  const boot = bootParent(chain);
  const lowest = boot === null ? null : javaForBoot(boot.version);
  return boot === null || lowest === null
    ? []
    : [{ raw: String(lowest), scheme: 'java-target', because: boot.because }];
}

function bootBound(chain: PomChain): VersionRequest[] {
  const boot = bootParent(chain);
  const lowest = boot === null ? null : javaForBoot(boot.version);
  return boot === null || lowest === null
    ? []
    : [{ raw: `>=${lowest}`, scheme: 'semver', because: boot.because }];
}

/** `<requireJavaVersion><version>[17,)</version></requireJavaVersion>` */
export function ruleVersions(
  chain: PomChain,
  plugin: XmlElement,
  rule: string,
): { value: string; line: number }[] {
  const found: { value: string; line: number }[] = [];
  const open = [plugin];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const each of next.children) {
      const version = each.name === rule ? each.children.find(({ name }) => name === 'version') : undefined;
      const value = version === undefined ? null : interpolated(chain, version.text);
      if (version !== undefined && value !== null && value !== '') found.push({ value, line: version.line });
      open.push(each);
    }
  }
  return found;
}
