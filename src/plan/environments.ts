/** From a group of projects to one environment of the plan. */
import { selectLine } from '../catalogue/select.ts';
import { configEvidence, finding, merged, needsOf, type PlanContext } from './context.ts';
import { packageManagerTool } from './demands.ts';
import type { Group } from './groups.ts';
import { inputName } from './inputs.ts';
import { type NativeNeeds, nativeNeeds, resolve } from './native.ts';
import { addPart, type Parts, permit, versioned } from './parts.ts';
import { commonHooks, type RulePart, toolRules } from './rules.ts';
import type {
  Environment,
  EnvironmentVariable,
  Evidence,
  Finding,
  Hook,
  System,
  VariablePart,
} from './schema.ts';

export interface Built {
  environment: Environment;
  findings: Finding[];
}

/** Builds an environment and adds its packages to the plan's. */
export function buildEnvironment(
  context: PlanContext,
  group: Group,
  main: string,
  systems: readonly System[],
  parts: Parts,
): Built {
  const shell = programs(context, ['bashInteractive'], group.base, main, [], parts);
  const answered = answeredKeys(context, group, main, parts);
  const native = nativeNeeds(context, group, main, systems, parts);
  const tools = toolKeys(context, group, main, parts);
  const added = addedKeys(context, group, main, parts);
  const ruled = ruledVariables(group);
  const removed = new Set(context.config.packages?.remove);
  const compilerNeeds = needsOf(context.needs, 'compiler').filter(({ project }) =>
    group.projects.includes(project),
  );
  const needsCompiler = native.compiler || native.link.length > 0 || compilerNeeds.length > 0;
  // The bundle of the hook that follows the company's certificates where there are any.
  programs(context, ['cacert'], main, main, [], parts);
  const packages = [
    ...shell,
    ...answered.keys,
    ...native.programs,
    ...tools.keys,
    ...added.programs,
    ...native.link,
    ...added.libraries,
  ];
  return {
    environment: {
      name: group.name,
      projects: group.projects,
      base: inputName(group.base, main),
      compiler: needsCompiler ? 'default' : 'none',
      packages: [...new Set(packages)].filter((key) => !removed.has(key)),
      variables: variables(context, group, native, ruled.variables),
      libraryPath: native.dlopen,
      hardeningDisable:
        needsCompiler && (group.answers.has('go') || group.answers.has('rust')) ? ['fortify'] : [],
      hooks: [...commonHooks.map((id) => ({ id, because: [] })), ...ruled.hooks],
    },
    findings: [...native.findings, ...tools.findings, ...added.findings],
  };
}

/** Toolchains in the order of the catalogue's languages, then package managers: the order of PATH. */
function answeredKeys(
  { needs, catalogue }: PlanContext,
  group: Group,
  main: string,
  parts: Parts,
): { keys: string[] } {
  const keys: string[] = [];
  const isOptional = needsOf(needs, 'toolchain').every((need) => need.optional === true);
  for (const need of needsOf(needs, 'toolchain')) {
    const answer = group.answers.get(need.id);
    if (answer === undefined || !group.projects.includes(need.project)) continue;
    const evidence = [...(answer.request === null ? [] : [answer.request.because]), ...need.because];
    const entry = versioned(main, need.id, answer.selection, answer.request?.raw ?? null, evidence);
    const known = parts.toolchains.get(entry.key);
    parts.toolchains.set(entry.key, {
      ...(known ?? entry),
      optional: isOptional,
      because: merged(known?.because ?? [], evidence),
    });
    permit(parts, answer.selection.fact.channel, answer.selection.fact);
    if (!keys.includes(entry.key)) keys.push(entry.key);
  }
  for (const need of needsOf(needs, 'package-manager')) {
    if (!group.projects.includes(need.project)) continue;
    const tool = packageManagerTool(need);
    const bringer = catalogue.tool(tool)?.bundledWith ?? null;
    const answer = group.answers.get(bringer ?? need.id);
    if (answer === undefined) continue;
    const { lockfile } = need;
    if (bringer === null) {
      const evidence = [...(answer.request === null ? [] : [answer.request.because]), ...need.because];
      const entry = versioned(main, need.id, answer.selection, answer.request?.raw ?? null, evidence);
      const known = parts.packageManagers.get(entry.key);
      const because = merged(known?.because ?? [], evidence);
      parts.packageManagers.set(entry.key, {
        ...(known ?? { ...entry, lockfile, bundledWith: null }),
        because,
      });
      permit(parts, answer.selection.fact.channel, answer.selection.fact);
      if (!keys.includes(entry.key)) keys.push(entry.key);
    } else {
      const key = `${bringer}-${answer.selection.line}`;
      const entry = versioned(main, need.id, answer.selection, need.requests[0]?.raw ?? null, need.because);
      const known = parts.packageManagers.get(need.id);
      parts.packageManagers.set(need.id, {
        ...(known ?? {
          ...entry,
          key: need.id,
          version: null,
          precision: 'line',
          match: 'default',
          lockfile,
          bundledWith: key,
        }),
        because: merged(known?.because ?? [], need.because),
      });
    }
  }
  return { keys };
}

function toolKeys(
  context: PlanContext,
  group: Group,
  main: string,
  parts: Parts,
): { keys: string[]; findings: Finding[] } {
  const keys: string[] = [];
  const findings: Finding[] = [];
  for (const need of needsOf(context.needs, 'tool')) {
    if (!group.projects.includes(need.project) && !(need.project === '.' && group.name === 'default'))
      continue;
    const selection = selectLine(context.catalogue, need.id, null, { channel: main });
    if (selection === null) {
      findings.push(
        finding(
          'tool-unknown',
          'warning',
          `${need.id} is used, but nidify knows no package for it`,
          'Name one with "packages": { "add": [...] } in nidify.jsonc.',
          need.because,
        ),
      );
      continue;
    }
    const { attribute, systems, grade, channel } = selection.fact;
    permit(parts, channel, selection.fact);
    const part = addPart(parts.tools, {
      key: need.id,
      attribute,
      input: inputName(channel, main),
      systems: systems === null ? null : [...systems],
      grade,
      because: need.because,
    });
    keys.push(part.key);
  }
  return { keys, findings };
}

/** What the configuration adds; an attribute that the catalogue lacks is taken at its word and marked so. */
function addedKeys(context: PlanContext, group: Group, main: string, parts: Parts) {
  const findings: Finding[] = [];
  const take = (attribute: string, use: 'program' | 'link', channel: string) => {
    const because = [{ ...configEvidence(use === 'program' ? 'packages' : 'libraries'), text: attribute }];
    const key = resolve(context, attribute, use, channel, main, null, because, parts);
    if (key !== null) return key;
    findings.push(
      finding(
        'attribute-unverified',
        'info',
        `${attribute} is taken from nidify.jsonc as it stands: nidify does not know whether ${channel} has it`,
        '`nidify update` evaluates it.',
        because,
      ),
    );
    const part = {
      key: attribute,
      attribute,
      input: inputName(channel, main),
      systems: null,
      grade: 'unverified' as const,
      because,
    };
    if (use === 'program') return addPart(parts.tools, part).key;
    return addPart(parts.libraries, { ...part, use }).key;
  };
  const { packages, libraries } = context.config;
  return {
    programs: (packages?.add ?? []).map((attribute) => take(attribute, 'program', main)),
    libraries: (libraries?.add ?? []).map((attribute) => take(attribute, 'link', group.base)),
    findings,
  };
}

function programs(
  context: PlanContext,
  names: readonly string[],
  channel: string,
  main: string,
  because: readonly Evidence[],
  parts: Parts,
): string[] {
  const keys = names.map((name) => resolve(context, name, 'program', channel, main, null, because, parts));
  return keys.filter((key) => key !== null);
}

/** What the tools of the group must be told: `toolRules`, in their order. */
function ruledVariables(group: Group): { variables: EnvironmentVariable[]; hooks: Hook[] } {
  const variables: EnvironmentVariable[] = [];
  const hooks: Hook[] = [];
  for (const rule of toolRules) {
    const answer = group.answers.get(rule.tool);
    if (answer === undefined) continue;
    const because = answer.request === null ? [] : [answer.request.because];
    for (const { name, value } of rule.variables) {
      const parts = value.map((part) => rulePart(part, group));
      if (parts.every((part) => part !== null))
        variables.push({ name, value: parts, systems: null, because });
    }
    hooks.push(...rule.hooks.map((id) => ({ id, because })));
  }
  return { variables, hooks };
}

function rulePart(part: RulePart, group: Group): VariablePart | null {
  if (typeof part === 'string') return part;
  const answer = group.answers.get(part.toolchain);
  return answer === undefined
    ? null
    : { package: `${part.toolchain}-${answer.selection.line}`, path: part.path };
}

/** The configuration's variables stand over everything; detectors' over what dependencies want. */
function variables(
  { needs, config }: PlanContext,
  group: Group,
  native: NativeNeeds,
  ruled: readonly EnvironmentVariable[],
): EnvironmentVariable[] {
  const configured = Object.entries(config.env ?? {}).map(([name, value]) => ({
    name,
    value: [value],
    systems: null,
    because: [configEvidence('env')],
  }));
  const detected = needsOf(needs, 'environment-variable')
    .filter(({ project }) => group.projects.includes(project))
    .map(({ name, value, because }) => ({ name, value: [value], systems: null, because }));
  const byName = new Map<string, EnvironmentVariable>();
  for (const variable of [...configured, ...detected, ...ruled, ...native.variables]) {
    if (!byName.has(variable.name)) byName.set(variable.name, variable);
  }
  return [...byName.values()];
}
