import { append } from '../append.ts';
import type { ProjectNeed } from '../detect/types.ts';
import { addTo, byKey } from '../grouped.ts';
import type { GitFacts } from '../scan/types.ts';
import { oneLine } from '../text/one-line.ts';
import { isPrintable } from '../text/printable.ts';
import { answerAll } from './built-for.ts';
import { containerOf } from './container.ts';
import { byText, finding, isSubstantial, merged, needsOf, type PlanContext } from './context.ts';
import { digestOf } from './digest.ts';
import { buildEnvironment } from './environments.ts';
import { type Group, groupProjects } from './groups.ts';
import { inputsOf, mainChannel } from './inputs.ts';
import { resolve } from './native.ts';
import { withNothingFound } from './nothing-found.ts';
import { emptyParts, finished } from './parts.ts';
import type { Commands, Finding, Plan, Project, Severity, System } from './schema.ts';
import { planServices } from './services.ts';
import { targetOf } from './target.ts';
import { unusedSettings } from './unused.ts';
import { type Answer, remarks } from './versions.ts';

/** Systems of a plan, unless the configuration names others. x86_64-darwin ends with nixos-26.05: only on request. */
const defaultSystems: readonly System[] = ['x86_64-linux', 'aarch64-linux', 'aarch64-darwin'];

const noCommands: Commands = { install: null, build: null, test: null, start: null, dev: null, lint: null };

/**
 * Resolves needs against the catalogue and groups projects into environments.
 *
 * Pure: the same context gives the same plan. What cannot be served becomes a finding of severity `error`;
 * the plan is made all the same.
 *
 * @throws NidifyError only where the configuration contradicts itself
 */
export function makePlan(context: PlanContext & { version: string; configText: string | null }): Plan {
  const { needs, inventory, catalogue } = context;
  const main = mainChannel(context);
  const findings: Finding[] = [...inventory.findings];
  const systems = systemsOf(context, main, findings);

  const answers = answerAll(context);
  append(
    findings,
    answers.flatMap((each) => each.findings),
  );
  const groups = groupProjects(
    context,
    answers.flatMap((each) => each.answers),
  );
  const groupOf = new Map(groups.flatMap((each) => each.projects.map((path) => [path, each])));
  const settled = answers
    .flatMap((each) => each.answers)
    .map((each) => settledIn(groupOf.get(each.demand.project), each));
  append(
    findings,
    settled.flatMap((each) => remarks(catalogue, each)),
  );
  if (groups.length > 1) findings.push(separate(groups));

  const parts = emptyParts();
  const servers = planServices(context, main, parts);
  append(findings, servers.findings);
  const environments = groups.map((group, at) => {
    // The first one starts them, for all.
    const own = at === 0 ? servers.keys : [];
    const built = buildEnvironment({ context, group, main, systems, parts, servers: own });
    append(findings, built.findings);
    return built.environment;
  });
  // `nix fmt` gives folders: nixfmt alone would wait for its input.
  const formatters = ['nixfmt-tree', 'nixfmt'];
  formatters.find((name) => resolve(context, name, 'program', main, main, null, [], parts) !== null);

  const kinds = [parts.toolchains, parts.packageManagers, parts.libraries, parts.tools, parts.services];
  const keys = new Set(kinds.flatMap((kind) => [...kind.keys()]));
  append(findings, unusedSettings(context, keys, environments));

  const nixpkgs = inputsOf(context, main, parts);
  const projects = projectsOf(context, groups);
  const { target, nestedContainers } = targetOf(context, findings);
  const served = {
    toolchains: finished(parts.toolchains),
    packageManagers: finished(parts.packageManagers),
    libraries: finished(parts.libraries),
    tools: finished(parts.tools),
  };
  const container = containerOf(context, target, nestedContainers, served, findings);
  const stated = needsOf(needs, 'finding').map(({ kind: _kind, ...each }): Finding => each);
  append(findings, needs.some(isSubstantial) ? stated : withNothingFound(stated, context));
  if (context.project != null) findings.push(onlyFor(context.project));
  for (const need of needsOf(needs, 'project')) if (!isPrintable(need.path)) findings.push(unwritable(need));

  const cited = new Set(
    [...needs, ...findings]
      .flatMap((each) => [
        ...('because' in each ? each.because : []),
        ...('requests' in each ? each.requests.map(({ because }) => because) : []),
      ])
      .map(({ file }) => file),
  );
  const inputs = [...inventory.files.values()]
    .filter(({ path, isHint }) => isHint !== true || cited.has(path))
    .map(({ path, blob }) => ({ path, blob }));
  const ofProject = context.project == null ? {} : { project: context.project };
  return {
    schemaVersion: 1,
    generator: { name: 'nidify', version: context.version },
    repository: {
      name: projects.find(({ path }) => path === (context.project ?? '.'))?.name ?? 'environment',
      source: sourceOf(inventory.source),
      inputs,
      digest: digestOf(inputs, context.configText, catalogue.version, nixpkgs, {
        ...context.asked,
        ...ofProject,
      }),
    },
    target: Object.keys(context.asked).length === 0 ? target : { ...target, asked: context.asked },
    ...(container === undefined ? {} : { container }),
    systems: [...systems],
    ...ofProject,
    nixpkgs,
    ...served,
    services: servers.services,
    ...(context.config.services?.processCompose === true ? { processCompose: true as const } : {}),
    environments,
    variables: needsOf(needs, 'application-variable').map(({ name, value, required, because }) => ({
      name,
      value,
      required,
      because,
    })),
    projects,
    nestedContainers,
    findings: ordered(findings),
  };
}

/** No times: what is printed twice of one commit is the same. */
function sourceOf(facts: GitFacts | null): Plan['repository']['source'] {
  return facts === null ? null : { url: facts.url, branch: facts.branch, commit: facts.commit };
}

/** An answer as its group gives it: there one project may have to follow another. */
function settledIn(group: Group | undefined, answer: Answer): Answer {
  const selection = group?.answers.get(answer.demand.id)?.selection ?? answer.selection;
  const { line, fact } = answer.selection;
  return selection.line === line && selection.fact.channel === fact.channel
    ? answer
    : { ...answer, selection };
}

function systemsOf({ config, catalogue }: PlanContext, main: string, findings: Finding[]): readonly System[] {
  if (config.systems === undefined) return defaultSystems;
  const offered = catalogue.channel(main)?.systems ?? defaultSystems;
  const missing = config.systems.filter((system) => !offered.includes(system));
  if (missing.length === 0) return config.systems;
  findings.push(
    finding(
      'system-missing',
      'warning',
      `${main} has no ${missing.join(' and no ')}`,
      'Choose another "channel" or leave the system out of "systems" in nidify.jsonc.',
      [{ file: 'nidify.jsonc', line: null, text: '', rule: 'config/systems' }],
    ),
  );
  return config.systems.filter((system) => offered.includes(system));
}

/** Projects of one path are one project, whichever ecosystems found it. */
function projectsOf({ needs }: PlanContext, groups: readonly Group[]): Project[] {
  const byPath = byKey(needsOf(needs, 'project'), ({ path }) => path);
  const environments = new Map(groups.flatMap(({ name, projects }) => projects.map((path) => [path, name])));
  return [...byPath.entries()]
    .map(([path, own]) => projectOf(path, programsFirst(own), environments.get(path) ?? 'default'))
    .sort((a, b) => (a.path === '.' ? -1 : b.path === '.' ? 1 : byText(a.path, b.path)));
}

/** What is beside a program comes behind it: its commands, but for installing, do not replace or complete the program's. */
function programsFirst(needs: readonly ProjectNeed[]): ProjectNeed[] {
  const programs = needs.filter(({ isBeside }) => isBeside !== true);
  const does = ({ commands: { install: _, ...others } }: ProjectNeed) => Object.keys(others).length > 0;
  const others = needs.filter(({ isBeside }) => isBeside === true);
  if (!programs.some(does)) return [...programs, ...others];
  const installation = ({ commands: { install } }: ProjectNeed) => (install === undefined ? {} : { install });
  return [...programs, ...others.map((need) => ({ ...need, commands: installation(need), ports: [] }))];
}

/** A folder that no command can enter. */
function unwritable({ path, because }: ProjectNeed): Finding {
  return finding(
    'unprintable-path',
    'warning',
    `the folder ${path} has characters in its name that no file of an environment may carry: its commands are left out`,
    'Rename the folder.',
    because,
  );
}

/** The first name that is text, as it may be shown: ecosystems take it as their files spell it. */
function nameIn(needs: readonly ProjectNeed[]): string | null {
  const names = needs.map(({ name }) =>
    oneLine(name ?? '')
      .trim()
      .slice(0, maxNameLength)
      .toWellFormed(),
  );
  return names.find((name) => name !== '') ?? null;
}

/** More than any registry of packages takes. */
const maxNameLength = 214;

/** The first that says it decides; what is to be installed, each ecosystem says for itself. */
function projectOf(path: string, needs: readonly ProjectNeed[], environment: string): Project {
  const commands: Commands = { ...noCommands };
  for (const need of needs) {
    for (const [name, command] of Object.entries(need.commands)) {
      if (command !== null && command !== undefined && isPrintable(path) && isPrintable(command))
        commands[name as keyof Commands] ??= command;
    }
  }
  const installs = installsOf(needs);
  return {
    path,
    name: nameIn(needs),
    environment,
    languages: [...new Set(needs.flatMap(({ languages }) => languages))],
    frameworks: [...new Set(needs.flatMap(({ frameworks }) => frameworks))],
    packageManager: needs.find(({ packageManager }) => packageManager !== null)?.packageManager ?? null,
    commands: {
      ...commands,
      install: installs.length === 0 ? null : installs.map(({ command }) => command).join(' && '),
    },
    ...(installs.length > 1 ? { installs } : {}),
    ports: [...new Set(needs.flatMap(({ ports }) => ports))],
    because: merged(...needs.map(({ because }) => because)),
  };
}

function installsOf(needs: readonly ProjectNeed[]): NonNullable<Project['installs']> {
  const isBrought = ({ languages }: ProjectNeed, at: number) =>
    needs.slice(0, at).some(({ brings = [] }) => languages.every((language) => brings.includes(language)));
  const seen = new Set<string>();
  return needs.flatMap((need, at) => {
    const command = need.commands.install ?? null;
    if (command === null || seen.has(command) || isBrought(need, at)) return [];
    if (!isPrintable(need.path) || !isPrintable(command)) return [];
    seen.add(command);
    return [{ packageManager: need.packageManager, language: need.languages[0] ?? '', command }];
  });
}

function separate(groups: readonly Group[]): Finding {
  const lines = groups.map(
    ({ name, projects }) => `${name} (${projects.slice(0, 3).join(', ')}${projects.length > 3 ? ', …' : ''})`,
  );
  return finding(
    'several-environments',
    'info',
    `the projects cannot share one environment: ${lines.join('; ')}`,
    'Enter one with `nix develop .#<name>`.',
    [],
  );
}

function onlyFor(project: string): Finding {
  return finding(
    'one-project',
    'info',
    `this is for ${project} alone, as \`--project\` asked`,
    '`nidify generate --project .` is for all projects again.',
    [],
  );
}

const rank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Gravest first, each once; equal ones keep the order in which they were found. */
export function ordered(findings: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding[]>();
  for (const found of findings) {
    // Paths have any character, and are in the evidence as they are.
    const each = {
      ...found,
      message: oneLine(found.message),
      hint: found.hint === null ? null : oneLine(found.hint),
    };
    addTo(seen, `${each.code}\0${each.message}`, each);
  }
  return bounded([...seen.values()].flatMap(onlyOne).sort((a, b) => rank[a.severity] - rank[b.severity]));
}

/** The first of those that say the same, with the evidence of all. */
function onlyOne(same: readonly Finding[]): Finding[] {
  const [first] = same;
  if (first === undefined || same.length === 1) return [...same];
  return [{ ...first, because: merged(same.flatMap(({ because }) => because)) }];
}

/** More of a kind than anybody reads: a manifest may name a hundred thousand things that nobody knows. */
const maxAlike = 500;

function bounded(findings: readonly Finding[]): Finding[] {
  const counts = new Map<string, number>();
  const kept = findings.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= maxAlike;
  });
  const leftOut = [...counts].filter(([, count]) => count > maxAlike);
  return [
    ...kept,
    ...leftOut.map(([code, count]) =>
      finding(
        'findings-left-out',
        'info',
        `${count - maxAlike} more findings of ${code} are left out`,
        null,
        [],
      ),
    ),
  ];
}
