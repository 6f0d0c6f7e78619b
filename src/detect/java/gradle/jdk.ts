/** Which JDKs a build of Gradle needs: one that compiles, and where that differs, one that runs Gradle. */
import type { Inventory } from '../../../scan/types.ts';
import { evidence } from '../../evidence.ts';
import { computedVersion, furtherJdk, furtherJdks, gradleOptions } from '../../jvm/jdks.ts';
import { property } from '../../jvm/properties.ts';
import { featureOf, jdkRequests } from '../../jvm/requests.ts';
import { jdkPins } from '../../jvm/version-files.ts';
import { fileIn, join } from '../../shared/tree.ts';
import type { Need, ValuePart, VersionRequest } from '../../types.ts';
import { type GradleBuild, meaningOf, type ScriptFile } from './build.ts';
import { javaForGradle } from './compat.ts';
import type { Said } from './script.ts';

export interface GradleJdk {
  requests: VersionRequest[];
  /** Further JDKs with the variable that tells Gradle of them, and findings. */
  needs: Need[];
}

/** The JDKs of a build. Frameworks may bound them. */
export async function gradleJdk(
  inventory: Inventory,
  build: GradleBuild,
  bounds: readonly VersionRequest[],
): Promise<GradleJdk> {
  const said = (rule: string, scheme: VersionRequest['scheme'], of: (script: ScriptFile) => Said[]) =>
    build.scripts.flatMap((script) =>
      of(script).map((each) => requestOf(inventory, build, script, each, { rule, scheme })),
    );
  const toolchains = said('java/gradle-toolchain', 'java', ({ script }) => script.toolchains);
  const targets = [
    ...said('java/gradle-release', 'java-target', ({ script }) => script.releases),
    ...said('java/gradle-compatibility', 'java-target', ({ script }) => script.levels),
  ];
  const findings = toolchains.filter((each) => 'kind' in each);
  const known = toolchains.filter((each): each is VersionRequest => !('kind' in each));
  const pins = [...daemonPins(inventory, build), ...(await jdkPins(inventory, build.root))];
  const range = rangeOf(build);
  const [main] = [...known].sort((a, b) => featureOf(b) - featureOf(a));
  if (main === undefined) {
    const levels = targets.filter((each): each is VersionRequest => !('kind' in each));
    const requests = jdkRequests({ pins, targets: levels, bounds: [...(range?.requests ?? []), ...bounds] });
    const unknown = pins.length === 0 && levels.length === 0 ? targets.filter((each) => 'kind' in each) : [];
    return { requests, needs: [...findings, ...unknown] };
  }
  const runner = runnerOf(featureOf(main), pins[0] ?? null, range);
  const others = new Map(known.map((each) => [featureOf(each), each]));
  others.delete(featureOf(main));
  return {
    requests: [main],
    needs: [...findings, ...furtherNeeds(build.root, main, runner, [...others.values()])],
  };
}

function requestOf(
  inventory: Inventory,
  build: GradleBuild,
  script: ScriptFile,
  said: Said,
  { rule, scheme }: { rule: string; scheme: VersionRequest['scheme'] },
): VersionRequest | Extract<Need, { kind: 'finding' }> {
  const raw =
    meaningOf(inventory, build, script, said)
      ?.replace(/^VERSION_/, '')
      .replace('_', '.') ?? null;
  const { file } = script;
  return raw === null || featureOf({ raw, scheme, because: evidence(file, said.line, rule) }) === 0
    ? computedVersion(file, said.line)
    : { raw, scheme, because: evidence(file, said.line, rule) };
}

/** https://docs.gradle.org/current/userguide/gradle_daemon.html#sec:daemon_jvm_criteria */
function daemonPins(inventory: Inventory, { root }: GradleBuild): VersionRequest[] {
  const file = fileIn(inventory, join(root, 'gradle'), 'gradle-daemon-jvm.properties');
  const found = file === null ? null : property(file, 'toolchainVersion');
  if (file === null || found === null) return [];
  return [{ raw: found.value, scheme: 'java', because: evidence(file, found.line, 'java/gradle-daemon') }];
}

interface Range {
  from: number;
  to: number | null;
  requests: VersionRequest[];
}

/** JDKs on which the wrapper's Gradle runs. */
function rangeOf({ wrapper }: GradleBuild): Range | null {
  const range = wrapper === null ? null : javaForGradle(wrapper.version);
  if (wrapper === null || range === null) return null;
  const raw = `>=${range.from}${range.to === null ? '' : ` <${range.to}`}`;
  const because = evidence(wrapper.file, wrapper.line, 'java/gradle-runs-on');
  return { ...range, requests: [{ raw, scheme: 'semver', because }] };
}

interface Runner {
  feature: number;
  because: VersionRequest['because'];
}

/** The JDK that runs Gradle, where the toolchain's does not, or another is named; null: the toolchain's. */
function runnerOf(main: number, pin: VersionRequest | null, range: Range | null): Runner | null {
  if (pin !== null) {
    const feature = featureOf(pin);
    return feature === main || feature === 0 ? null : { feature, because: pin.because };
  }
  const runs = (feature: number) =>
    range === null || (feature >= range.from && (range.to === null || feature < range.to));
  const [bound] = range?.requests ?? [];
  if (runs(main) || bound === undefined) return null;
  const feature = furtherJdks.find(runs);
  return feature === undefined ? null : { feature, because: bound.because };
}

function furtherNeeds(
  project: string,
  main: VersionRequest,
  runner: Runner | null,
  others: readonly VersionRequest[],
): Need[] {
  const wanted: Runner[] = [
    ...(runner === null ? [] : [runner]),
    ...others.map((each) => ({ feature: featureOf(each), because: each.because })),
  ];
  const unique = [...new Map(wanted.map((each) => [each.feature, each])).values()];
  if (unique.length === 0) return [];
  const needs = unique.map(({ feature, because }) => furtherJdk(feature, project, [because]));
  const tools = needs.filter((need) => need.kind === 'tool');
  const home = (id: string): ValuePart => ({ tool: id, path: '', attribute: 'home' });
  const own: ValuePart = { toolchain: 'java', path: '', attribute: 'home' };
  const runs = tools.find(({ id }) => id === `jdk${runner?.feature}`);
  const value: ValuePart[] = [
    '-Dorg.gradle.java.home=',
    runs === undefined ? own : home(runs.id),
    ' -Dorg.gradle.project.org.gradle.java.installations.paths=',
    own,
    ...tools.flatMap(({ id }) => [',', home(id)]),
    ` ${gradleOptions}`,
  ];
  const because = [main.because, ...unique.map((each) => each.because)];
  return [...needs, { kind: 'environment-variable', name: 'GRADLE_OPTS', value, project, because }];
}
