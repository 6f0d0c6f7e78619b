/** Variables and hooks of an environment. */
import { shown } from '../detect/evidence.ts';
import { isPrintable } from '../text/printable.ts';
import { isSafeVariableName } from '../text/variable-name.ts';
import { configEvidence, finding, needsOf } from './context.ts';
import type { Group } from './groups.ts';
import type { NativeNeeds } from './native.ts';
import { type RulePart, type ToolRule, toolRules } from './rules.ts';
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
    const because = reasonsFor(site, rule.tool);
    if (because === null || !applies(rule, group)) continue;
    for (const { name, value, linux } of rule.variables) {
      const parts = value.map((part) => rulePart(part, group));
      const limited = linux === true ? systems.filter((system) => system.endsWith('-linux')) : null;
      if (parts.every((part) => part !== null))
        variables.push({ name, value: parts, systems: limited, because });
    }
    hooks.push(...rule.hooks.map((id) => ({ id, because })));
    if (rule.finding !== undefined) {
      const { code, message, hint } = rule.finding;
      findings.push(finding(code, 'info', message, hint, because));
    }
  }
  return { variables, hooks, findings };
}

/** Why a tool is in the environment; null when it is not. */
function reasonsFor({ context, group }: Site, tool: string): Evidence[] | null {
  const answer = group.answers.get(tool);
  if (answer !== undefined) return answer.request === null ? [] : [answer.request.because];
  const bundled = needsOf(context.needs, 'package-manager').find(
    ({ id, project }) => id === tool && group.projects.includes(project),
  );
  return bundled?.because ?? null;
}

function applies({ tool, onlyWhen }: ToolRule, { unsure }: Group): boolean {
  return onlyWhen === undefined || (onlyWhen === 'unsure') === unsure.has(tool);
}

function rulePart(part: RulePart, group: Group): VariablePart | null {
  if (typeof part === 'string') return part;
  const answer = group.answers.get(part.toolchain);
  return answer === undefined
    ? null
    : { package: `${part.toolchain}-${answer.selection.line}`, path: part.path };
}

/** The configuration's variables stand over everything; detectors' over what dependencies want. */
export function variablesOf(
  { context: { needs, config }, group }: Site,
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
