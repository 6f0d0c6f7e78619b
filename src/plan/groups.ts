/** Which projects share an environment. */
import { nativeEcosystems } from '../catalogue/native-ecosystems.ts';
import { satisfies, selectLine } from '../catalogue/select.ts';
import type { Catalogue } from '../catalogue/types.ts';
import type { DependencyNeed } from '../detect/types.ts';
import { addTo, byKey } from '../grouped.ts';
import { slug, unusedName } from '../text/slug.ts';
import { byText, needsOf, type PlanContext } from './context.ts';
import type { Evidence } from './schema.ts';
import type { Answer } from './versions.ts';

/** Projects that share one environment, and what answers them there. */
export interface Group {
  name: string;
  /** Paths, sorted; the root first. */
  projects: string[];
  /** The same, to be asked for one. */
  members: ReadonlySet<string>;
  /** By id of the tool: one answer serves the group. */
  answers: Map<string, Answer>;
  /** Ids of tools of which it is not certain that they satisfy every request of every project. */
  unsure: ReadonlySet<string>;
  /** Evidence of the requests that are not certainly satisfied. */
  unsureRequests: readonly Evidence[];
  /** Channel that gives compiler and libraries. */
  base: string;
}

/**
 * Groups projects that can share an environment: one version of each tool, and native code for the
 * interpreters of one channel only (a process has one glibc).
 */
export function groupProjects(context: PlanContext, answers: readonly Answer[]): Group[] {
  const { catalogue, config } = context;
  const main = config.channel ?? catalogue.defaultChannel;
  const projects = new Set(answers.map(({ demand }) => demand.project));
  for (const { path } of needsOf(context.needs, 'project')) projects.add(path);
  const answersOf = byKey(answers, ({ demand }) => demand.project);
  const nativeOf = nativeTools(context);
  const libraryOf = config.channel === undefined ? libraryChannels(context, main) : new Map<string, string>();
  const groups: { projects: string[]; answers: Map<string, Answer>; native: string | null }[] = [];
  for (const project of [...projects].sort(rootFirst)) {
    const own = answersOf.get(project) ?? [];
    const channels = [nativeChannel(catalogue, own, nativeOf.get(project)), libraryOf.get(project) ?? null];
    const known = channels.filter((each) => each !== null);
    const native = known.length === 0 ? null : oldest(catalogue, known);
    const group =
      groups.find(
        (each) =>
          fits(each.answers, own) && (native === null || each.native === null || each.native === native),
      ) ?? add(groups);
    group.projects.push(project);
    group.native ??= native;
    for (const each of own) if (!group.answers.has(each.demand.id)) group.answers.set(each.demand.id, each);
  }
  if (groups.length === 0) add(groups);
  const names = new Set(['default']);
  const loading = projectsThatLoad(context);
  return groups.map(({ projects: members, answers: own, native }, at) => ({
    name: at === 0 ? 'default' : unusedName(names, shellName(members[0] ?? 'environment')),
    projects: members,
    members: new Set(members),
    answers:
      native !== null && members.some((project) => loading.has(project))
        ? alignedWith(catalogue, own, native)
        : own,
    ...unsureOf(catalogue, members, answersOf),
    base: native ?? main,
  }));
}

function add(groups: { projects: string[]; answers: Map<string, Answer>; native: string | null }[]) {
  const group = { projects: [], answers: new Map<string, Answer>(), native: null };
  groups.push(group);
  return group;
}

function fits(taken: ReadonlyMap<string, Answer>, own: readonly Answer[]): boolean {
  return own.every(({ demand, selection }) => {
    const other = taken.get(demand.id)?.selection;
    return (
      other === undefined ||
      (other.line === selection.line &&
        other.fact.channel === selection.fact.channel &&
        other.tool === selection.tool)
    );
  });
}

/** Ids of the tools that load native code, by project; `any` where the project compiles code of its own. */
function nativeTools({ needs, catalogue }: PlanContext): Map<string, Set<string>> {
  const tools = new Map<string, Set<string>>();
  const add = (project: string, ids: readonly string[]) => {
    const known = tools.get(project) ?? new Set();
    for (const id of ids) known.add(id);
    tools.set(project, known);
  };
  for (const { project, ecosystem, name, version } of needsOf(needs, 'dependency')) {
    const row = catalogue.native(ecosystem, name, version);
    const isNative = row !== null && (row.compiler || row.link.length > 0 || row.dlopen.length > 0);
    const { tools: languages, loadedBy = languages } = nativeEcosystems[ecosystem];
    if (isNative) add(project, loadedBy);
  }
  for (const { project } of needsOf(needs, 'compiler')) add(project, ['any']);
  return tools;
}

/** The oldest channel whose interpreter has to load native code in a project; null where none has. */
function nativeChannel(
  catalogue: Catalogue,
  own: readonly Answer[],
  native: ReadonlySet<string> | undefined,
): string | null {
  if (native === undefined) return null;
  const channels = own
    .filter(({ demand }) => native.has('any') || native.has(demand.id))
    .map(({ selection }) => selection.fact.channel);
  return channels.length === 0 ? null : oldest(catalogue, channels);
}

/**
 * By project, the newest release that has all that its build certainly links, where the main channel has some of it no
 * longer: what a channel has dropped cannot be linked with libraries of another.
 */
function libraryChannels({ needs, catalogue }: PlanContext, main: string): Map<string, string> {
  const gone = new Map<string, string[]>();
  for (const need of needsOf(needs, 'dependency')) {
    for (const attribute of droppedLibraries(catalogue, need, main)) addTo(gone, need.project, attribute);
  }
  const releases = catalogue.channels.filter(({ name }) => !name.endsWith('-unstable'));
  return new Map(
    [...gone].flatMap(([project, attributes]) => {
      const channel = releases.find(({ name }) =>
        attributes.every((attribute) => catalogue.attribute(attribute, name) !== null),
      );
      return channel === undefined ? [] : [[project, channel.name] as const];
    }),
  );
}

/** What a build certainly links that a channel does not have. */
export function droppedLibraries(catalogue: Catalogue, need: DependencyNeed, channel: string): string[] {
  if (need.isRequired !== true) return [];
  const row = catalogue.native(need.ecosystem, need.name, need.version);
  return (row?.link ?? []).filter((attribute) => catalogue.attribute(attribute, channel) === null);
}

/** Projects whose packages load libraries at run time. */
function projectsThatLoad({ needs, catalogue }: PlanContext): Set<string> {
  const loading = needsOf(needs, 'dependency').filter(
    ({ ecosystem, name, version }) => (catalogue.native(ecosystem, name, version)?.dlopen.length ?? 0) > 0,
  );
  return new Set(loading.map(({ project }) => project));
}

/**
 * Where libraries of one channel are on LD_LIBRARY_PATH, other programs load them too: a runtime of a newer
 * channel would find an older libstdc++ before its own and not start. Such runtimes come from that channel too
 * where it has one that satisfies; `mixedRuntimes` speaks of those that it has not.
 */
function alignedWith(
  catalogue: Catalogue,
  answers: ReadonlyMap<string, Answer>,
  channel: string,
): Map<string, Answer> {
  const aligned = [...answers].map(([id, answer]): [string, Answer] => {
    if (answer.selection.fact.channel === channel) return [id, answer];
    const selection = selectLine(catalogue, answer.demand.tool, answer.request, { channel });
    const serves = selection?.fact.channel === channel && selection.match !== 'nearest';
    return [id, serves ? { ...answer, selection } : answer];
  });
  return new Map(aligned);
}

/** Runtimes that another channel's libraries on LD_LIBRARY_PATH may keep from starting. */
export function mixedRuntimes({ answers, base }: Group): Answer[] {
  return [...answers.values()].filter(({ selection }) => selection.fact.channel !== base);
}

function unsureOf(
  catalogue: Catalogue,
  projects: readonly string[],
  answersOf: ReadonlyMap<string, Answer[]>,
): Pick<Group, 'unsure' | 'unsureRequests'> {
  const unsure = projects
    .flatMap((project) => answersOf.get(project) ?? [])
    .flatMap(({ demand, selection }) =>
      demand.requests
        .filter(
          (request) => request.stated === undefined && satisfies(catalogue, selection, request) !== 'yes',
        )
        .map(({ because }) => ({ id: demand.id, because })),
    );
  return {
    unsure: new Set(unsure.map(({ id }) => id)),
    unsureRequests: unsure.map(({ because }) => because),
  };
}

function oldest(catalogue: Catalogue, channels: readonly string[]): string {
  const age = (name: string) => catalogue.channels.findIndex((channel) => channel.name === name);
  return channels.reduce((a, b) => (age(b) > age(a) ? b : a));
}

function rootFirst(a: string, b: string): number {
  if (a === '.' || b === '.') return a === b ? 0 : a === '.' ? -1 : 1;
  return byText(a, b);
}

/** A name for `devShells.<name>` and an attribute that needs no quotes. */
function shellName(path: string): string {
  const plain = slug(path);
  return /^[a-z]/.test(plain) ? plain : `project-${plain}`;
}
