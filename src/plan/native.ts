/** What dependencies need beyond their own packages: libraries, programs, variables. */
import { append } from '../append.ts';
import type { NativeRow } from '../catalogue/types.ts';
import type { DependencyNeed } from '../detect/types.ts';
import { finding, merged, needsOf, type PlanContext } from './context.ts';
import { droppedLibraries, type Group } from './groups.ts';
import { inputName } from './inputs.ts';
import { addPart, keyOf, type Parts, permit } from './parts.ts';
import type { EnvironmentVariable, Evidence, Finding, Library, System, VariablePart } from './schema.ts';
import type { Site } from './site.ts';

export interface NativeNeeds {
  /** Keys of libraries to link against, and of those to load at run time. */
  link: string[];
  dlopen: string[];
  /** Keys of programs for PATH. */
  programs: string[];
  variables: EnvironmentVariable[];
  /** What has C sources to compile; none where nothing has. */
  compiler: Evidence[];
  findings: Finding[];
}

/** A reference of the catalogue to a toolchain of the plan: `@node`. */
const toolchainReference = /^@(?<id>[a-z]+)$/;

/** Resolves the native needs of a group's projects on its base channel. */
export function nativeNeeds({ context, group, main, systems, parts }: Site): NativeNeeds {
  const result: NativeNeeds = {
    link: [],
    dlopen: [],
    programs: [],
    variables: [],
    compiler: [],
    findings: [],
  };
  const removed = new Set(context.config.libraries?.remove);
  const seen = new Set<string>();
  const compiled: Evidence[] = [];
  for (const need of needsOf(context.needs, 'dependency')) {
    if (!group.members.has(need.project)) continue;
    const row = context.catalogue.native(need.ecosystem, need.name, need.version);
    if (row === null) continue;
    const once = JSON.stringify([need.ecosystem, need.name, need.version]);
    if (!seen.has(once)) append(result.findings, rowFinding(row, need));
    seen.add(once);
    const part = (canonical: string, use: Library['use'] | 'program') => {
      if (removed.has(canonical)) return null;
      const toolchain = toolchainOf(need.ecosystem, canonical);
      const own = toolchain === null ? undefined : group.answers.get(toolchain);
      if (toolchain !== null && own !== undefined) return `${toolchain}-${own.selection.line}`;
      const limit = row.linuxOnly.includes(canonical) || use === 'dlopen' ? linux(systems) : null;
      const key = resolve(context, canonical, use, group.base, main, limit, need.because, parts);
      if (key === null) result.findings.push(missing(canonical, group.base, need));
      return key;
    };
    push(
      result.link,
      row.link.map((canonical) => part(canonical, 'link')),
    );
    push(
      result.dlopen,
      row.dlopen.map((canonical) => part(canonical, 'dlopen')),
    );
    push(
      result.programs,
      row.tools.map((canonical) => part(canonical, 'program')),
    );
    if (row.compiler) append(compiled, need.because);
    if (row.tools.includes('python3') && !group.answers.has('python')) keepStoreAsItIs(result, need);
    for (const variable of row.variables) {
      if (result.variables.some(({ name }) => name === variable.name)) continue;
      const value = partsOf(variable.value, group, (canonical) => part(canonical, 'program'));
      if (value === null) continue;
      result.variables.push({
        name: variable.name,
        value,
        systems:
          variable.systems === null ? null : systems.filter((system) => variable.systems?.includes(system)),
        because: need.because,
      });
    }
  }
  append(result.findings, olderChannel(context, group, main));
  result.compiler = merged(compiled);
  return needsOwnHeaders(context, group) ? withoutVariable(result, 'npm_config_nodedir') : result;
}

/** Says why an environment is made of another channel than the main one, where libraries are the reason. */
function olderChannel({ needs, catalogue }: PlanContext, { base, members }: Group, main: string): Finding[] {
  if (base === main) return [];
  const dropped = needsOf(needs, 'dependency')
    .filter(({ project }) => members.has(project))
    .flatMap((need) => droppedLibraries(catalogue, need, main).map((attribute) => ({ attribute, need })));
  const [first] = dropped;
  if (first === undefined) return [];
  const names = [...new Set(dropped.map(({ attribute }) => attribute))];
  const others = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  const endOfLife = catalogue.channel(base)?.endOfLife ?? null;
  const isOld = endOfLife !== null && endOfLife < catalogue.date;
  return [
    finding(
      'libraries-of-older-channel',
      isOld ? 'warning' : 'info',
      `${main} no longer has ${first.attribute}${others}: compiler and libraries come from ${base}${isOld ? ', which has reached its end of life' : ''}`,
      'Move to what has replaced it, or choose a "channel" in nidify.jsonc.',
      first.need.because,
    ),
  ];
}

/** Programs that a toolchain of the plan is itself, where it has one. */
const toolchainPrograms: Readonly<Record<string, string>> = {
  nodejs: 'node',
  go: 'go',
  jdk: 'java',
  jdk8: 'java',
  jdk11: 'java',
  jdk17: 'java',
  jdk21: 'java',
  jdk25: 'java',
  perl: 'perl',
  rustc: 'rust',
  cargo: 'rust',
  terraform: 'terraform',
  hugo: 'hugo',
};

function toolchainOf(ecosystem: DependencyNeed['ecosystem'], canonical: string): string | null {
  if (canonical === 'python3') return 'python';
  const isOwn = ecosystem === 'apt' && Object.hasOwn(toolchainPrograms, canonical);
  return isOwn ? (toolchainPrograms[canonical] ?? null) : null;
}

/**
 * A Python that is there for node-gyp alone caches what it compiles beside its sources, which for root, where
 * nothing mounts the store read-only, is inside of Node's store path: its hash would no longer be right.
 */
function keepStoreAsItIs({ variables }: NativeNeeds, { because }: DependencyNeed): void {
  const name = 'PYTHONDONTWRITEBYTECODE';
  if (variables.some((variable) => variable.name === name)) return;
  variables.push({ name, value: ['1'], systems: null, because });
}

/** Electron compiles against headers of its own: https://github.com/NixOS/nixpkgs/issues/363349 */
function needsOwnHeaders({ needs }: PlanContext, { members }: Group): boolean {
  return needsOf(needs, 'dependency').some(
    ({ ecosystem, name, project }) => ecosystem === 'npm' && name === 'electron' && members.has(project),
  );
}

function withoutVariable(needs: NativeNeeds, name: string): NativeNeeds {
  return { ...needs, variables: needs.variables.filter((variable) => variable.name !== name) };
}

/** @returns the key of the part, or null where the base channel does not have the attribute */
export function resolve(
  { catalogue }: PlanContext,
  canonical: string,
  use: Library['use'] | 'program',
  channel: string,
  main: string,
  systems: System[] | null,
  because: readonly Evidence[],
  parts: Parts,
): string | null {
  const fact = catalogue.attribute(canonical, channel);
  if (fact === null) return null;
  permit(parts, channel, fact);
  const common = {
    key: keyOf(main, canonical, channel),
    attribute: fact.attribute,
    input: inputName(channel, main),
    systems: systems ?? (fact.systems === null ? null : [...fact.systems]),
    grade: fact.grade,
    because: [...because],
  };
  if (use === 'program') return addPart(parts.tools, common).key;
  return addPart(parts.libraries, { ...common, use: parts.libraries.get(common.key)?.use ?? use }).key;
}

function linux(systems: readonly System[]): System[] {
  return systems.filter((system) => system.endsWith('-linux'));
}

function push(keys: string[], found: readonly (string | null)[]): void {
  for (const key of found) if (key !== null && !keys.includes(key)) keys.push(key);
}

/** @returns null where a part of the value is not to be had */
function partsOf(
  value: readonly VariablePart[],
  group: Group,
  program: (canonical: string) => string | null,
): VariablePart[] | null {
  const parts: VariablePart[] = [];
  for (const part of value) {
    if (typeof part === 'string') {
      parts.push(part);
      continue;
    }
    const id = toolchainReference.exec(part.package)?.groups?.id;
    const answer = id === undefined ? undefined : group.answers.get(id);
    const key =
      id === undefined
        ? program(part.package)
        : answer === undefined
          ? null
          : `${id}-${answer.selection.line}`;
    if (key === null) return null;
    parts.push({ package: key, path: part.path });
  }
  return parts;
}

function rowFinding(row: NativeRow, need: DependencyNeed): Finding[] {
  if (row.finding === null) return [];
  const { code, severity, message, hint } = row.finding;
  return [finding(code, severity, message, hint, need.because)];
}

function missing(canonical: string, channel: string, need: DependencyNeed): Finding {
  return finding(
    'library-missing',
    'warning',
    `${need.name} needs ${canonical}, which is not known to be in ${channel}`,
    'Add what serves instead with "libraries" or "packages" in nidify.jsonc.',
    need.because,
  );
}
