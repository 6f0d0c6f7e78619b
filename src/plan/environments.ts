/** From a group of projects to one environment of the plan. */
import { selectLine } from '../catalogue/select.ts';
import { shown } from '../detect/evidence.ts';
import type { PackageManagerNeed } from '../detect/types.ts';
import { isPrintable } from '../text/printable.ts';
import { isSafeVariableName } from '../text/variable-name.ts';
import { configEvidence, finding, merged, needsOf, type PlanContext } from './context.ts';
import { packageManagerTool } from './demands.ts';
import type { Group } from './groups.ts';
import { inputName } from './inputs.ts';
import { type NativeNeeds, nativeNeeds, resolve } from './native.ts';
import { addPart, type Parts, permit, versioned } from './parts.ts';
import { commonHooks, type RulePart, type ToolRule, toolRules } from './rules.ts';
import type {
  Environment,
  EnvironmentVariable,
  Evidence,
  Finding,
  Hook,
  System,
  VariablePart,
} from './schema.ts';
import type { Answer } from './versions.ts';

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
  const variables = variablesOf(context, group, native, ruled.variables);
  const removed = new Set(context.config.packages?.remove);
  const compilerNeeds = needsOf(context.needs, 'compiler').filter(({ project }) =>
    group.projects.includes(project),
  );
  const needsCompiler = native.compiler || native.link.length > 0 || compilerNeeds.length > 0;
  // The bundle of the hook that follows the company's certificates where there are any.
  programs(context, ['cacert'], main, main, [], parts);
  const packages = [
    ...shell,
    ...answered,
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
      variables: variables.variables,
      libraryPath: native.dlopen,
      hardeningDisable:
        needsCompiler && (group.answers.has('go') || group.answers.has('rust')) ? ['fortify'] : [],
      hooks: [...commonHooks.map((id) => ({ id, because: [] })), ...ruled.hooks],
    },
    findings: [...native.findings, ...tools.findings, ...added.findings, ...variables.findings],
  };
}

/** Toolchains in the order in which ecosystems found them, then package managers: the order of PATH. */
function answeredKeys(context: PlanContext, group: Group, main: string, parts: Parts): string[] {
  const isMember = ({ project }: { project: string }) => group.projects.includes(project);
  const toolchains = needsOf(context.needs, 'toolchain').filter(isMember);
  const isOptional = toolchains.every((need) => need.optional === true);
  const keys: string[] = [];
  for (const need of toolchains) {
    const answer = group.answers.get(need.id);
    if (answer === undefined) continue;
    const evidence = evidenceOf(answer, need.because);
    const entry = versioned(main, need.id, answer.selection, answer.request?.raw ?? null, evidence);
    keep(parts.toolchains, { ...entry, optional: isOptional });
    permit(parts, answer.selection.fact.channel, answer.selection.fact);
    keys.push(entry.key, ...companionKeys(context, answer, main, evidence, parts));
  }
  for (const need of needsOf(context.needs, 'package-manager').filter(isMember)) {
    keys.push(...packageManagerKeys(context, need, group, main, parts));
  }
  return keys;
}

/** Further packages of a toolchain, from its own channel: cargo and clippy with rustc. */
function companionKeys(
  context: PlanContext,
  { selection }: Answer,
  main: string,
  because: readonly Evidence[],
  parts: Parts,
): string[] {
  const line = context.catalogue.tool(selection.tool)?.lines.find((each) => each.line === selection.line);
  return programs(context, line?.companions ?? [], selection.fact.channel, main, because, parts);
}

/** @returns no key for what a toolchain brings along */
function packageManagerKeys(
  { catalogue }: PlanContext,
  need: PackageManagerNeed,
  group: Group,
  main: string,
  parts: Parts,
): string[] {
  const { id, lockfile } = need;
  const bringer = catalogue.tool(packageManagerTool(need))?.bundledWith ?? null;
  const answer = group.answers.get(bringer ?? id);
  if (answer === undefined) return [];
  const { selection } = answer;
  if (bringer === null) {
    const entry = versioned(
      main,
      id,
      selection,
      answer.request?.raw ?? null,
      evidenceOf(answer, need.because),
    );
    keep(parts.packageManagers, { ...entry, lockfile, bundledWith: null });
    permit(parts, selection.fact.channel, selection.fact);
    return [entry.key];
  }
  const entry = versioned(main, id, selection, need.requests[0]?.raw ?? null, need.because);
  const bundledWith = `${bringer}-${selection.line}`;
  keep(parts.packageManagers, {
    ...entry,
    key: `${id}@${bundledWith}`,
    version: null,
    precision: 'line',
    match: 'default',
    lockfile,
    bundledWith,
  });
  return [];
}

function evidenceOf({ request }: Answer, because: readonly Evidence[]): Evidence[] {
  return merged(request === null ? [] : [request.because], because);
}

/** Adds an entry, or its evidence to the one that is there. */
function keep<T extends { key: string; because: Evidence[] }>(entries: Map<string, T>, entry: T): void {
  const known = entries.get(entry.key);
  entries.set(entry.key, { ...(known ?? entry), because: merged(known?.because ?? [], entry.because) });
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
    if (answer === undefined || !applies(rule, answer)) continue;
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

function applies({ onlyWhen }: ToolRule, { selection: { match } }: Answer): boolean {
  const isUnsure = match === 'assumed' || match === 'nearest';
  return onlyWhen === undefined || (onlyWhen === 'unsure') === isUnsure;
}

function rulePart(part: RulePart, group: Group): VariablePart | null {
  if (typeof part === 'string') return part;
  const answer = group.answers.get(part.toolchain);
  return answer === undefined
    ? null
    : { package: `${part.toolchain}-${answer.selection.line}`, path: part.path };
}

/** The configuration's variables stand over everything; detectors' over what dependencies want. */
function variablesOf(
  { needs, config }: PlanContext,
  group: Group,
  native: NativeNeeds,
  ruled: readonly EnvironmentVariable[],
): { variables: EnvironmentVariable[]; findings: Finding[] } {
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
  const findings: Finding[] = [];
  for (const variable of [...configured, ...detected, ...ruled, ...native.variables]) {
    if (byName.has(variable.name)) continue;
    const refusal = refusalOf(variable);
    if (refusal === null) byName.set(variable.name, variable);
    else findings.push(refusal);
  }
  return { variables: [...byName.values()], findings };
}

function refusalOf({ name, value, because }: EnvironmentVariable): Finding | null {
  const isText = value.every((part) => isPrintable(typeof part === 'string' ? part : part.path));
  if (isText && isSafeVariableName(name)) return null;
  return finding(
    'variable-refused',
    'warning',
    isText
      ? `the variable ${shown(name)} is left out: Nix or the shell uses this name for something else`
      : `the variable ${shown(name)} is left out: its value holds control characters, which no Nix shell can carry`,
    isText ? 'Give it another name.' : 'Remove them from the value.',
    because,
  );
}
