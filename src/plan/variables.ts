/** Variables and hooks of an environment. */
import { append } from '../append.ts';
import { shown } from '../detect/evidence.ts';
import type { ValuePart } from '../detect/types.ts';
import { isPrintable } from '../text/printable.ts';
import { isSafeVariableName } from '../text/variable-name.ts';
import { configEvidence, finding, needsOf } from './context.ts';
import type { Group } from './groups.ts';
import type { NativeNeeds } from './native.ts';
import { keyOf } from './parts.ts';
import { type ToolRule, toolRules } from './rules.ts';
import type { EnvironmentVariable, Evidence, Finding, Hook, VariablePart } from './schema.ts';
import type { Site } from './site.ts';

/** What the tools of the group must be told: `toolRules`, in their order. */
export function ruledVariables(site: Site): {
  variables: EnvironmentVariable[];
  hooks: Hook[];
  findings: Finding[];
} {
  const variables: EnvironmentVariable[] = [];
  const hooks: Hook[] = [];
  const findings: Finding[] = [];
  const { group, systems } = site;
  for (const rule of toolRules) {
    const unsure = rule.unsureOf === undefined ? null : unsureRequests(group, rule.unsureOf);
    const because = unsure ?? reasonsFor(site, rule.tool);
    if (because === null || (because.length === 0 && unsure !== null) || !applies(rule, group)) continue;
    for (const { name, value, linux } of rule.variables) {
      const parts = value.map((part) => valuePart(part, site));
      const limited = linux === true ? systems.filter((system) => system.endsWith('-linux')) : null;
      if (parts.every((part) => part !== null))
        variables.push({ name, value: parts, systems: limited, because });
    }
    append(
      hooks,
      rule.hooks.map((id) => ({ id, because })),
    );
    if (rule.finding !== undefined) {
      const { code, severity = 'info', message, hint } = rule.finding;
      findings.push(finding(code, severity, message, hint, because));
    }
  }
  return { variables, hooks, findings };
}

/** Why a tool is in the environment; null when it is not. */
function reasonsFor({ context, group }: Site, tool: string): Evidence[] | null {
  const answer = group.answers.get(tool);
  if (answer !== undefined) return answer.request === null ? [] : [answer.request.because];
  const bundled = needsOf(context.needs, 'package-manager').find(
    ({ id, project }) => id === tool && group.members.has(project),
  );
  return bundled?.because ?? null;
}

/** Requests of a rule that the group's answer does not certainly satisfy. */
function unsureRequests({ unsureRequests: all }: Group, rule: string): Evidence[] {
  return all.filter((because) => because.rule === rule);
}

function applies({ tool, onlyWhen, channels }: ToolRule, { unsure, answers }: Group): boolean {
  if (onlyWhen !== undefined && (onlyWhen === 'unsure') !== unsure.has(tool)) return false;
  if (channels === undefined) return true;
  // "nixos-unstable" comes after every release, in letters too.
  const channel = answers.get(tool)?.selection.fact.channel;
  if (channel === undefined) return false;
  return 'from' in channels ? channel >= channels.from : channel < channels.before;
}

/** @returns null where the environment does not have the package */
function valuePart(part: ValuePart, { group, main, parts }: Site): VariablePart | null {
  if (typeof part === 'string') return part;
  const { path, attribute } = part;
  const at = { path, ...(attribute === undefined ? {} : { attribute }) };
  if ('tool' in part) {
    const key = keyOf(main, part.tool, main);
    return parts.tools.has(key) ? { package: key, ...at } : null;
  }
  const answer = group.answers.get(part.toolchain);
  return answer === undefined ? null : { package: `${part.toolchain}-${answer.selection.line}`, ...at };
}

function detectedVariables(site: Site): EnvironmentVariable[] {
  const { context, group } = site;
  return needsOf(context.needs, 'environment-variable')
    .filter(({ project }) => group.members.has(project))
    .flatMap(({ name, value, because }) => {
      const parts = (typeof value === 'string' ? [value] : value).map((part) => valuePart(part, site));
      return parts.every((part) => part !== null) ? [{ name, value: parts, systems: null, because }] : [];
    });
}

/** The configuration's variables stand over everything; detectors' over what dependencies want. */
export function variablesOf(
  site: Site,
  native: NativeNeeds,
  ruled: readonly EnvironmentVariable[],
): { variables: EnvironmentVariable[]; findings: Finding[] } {
  const configured = Object.entries(site.context.config.env ?? {}).map(([name, value]) => ({
    name,
    value: [value],
    systems: null,
    because: [configEvidence('env')],
  }));
  const byName = new Map<string, EnvironmentVariable>();
  const findings: Finding[] = [];
  for (const variable of [...configured, ...detectedVariables(site), ...ruled, ...native.variables]) {
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
