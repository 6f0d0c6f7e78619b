import type { Catalogue } from '../../catalogue/types.ts';
import { merged } from '../../plan/context.ts';
import type { Finding, Input, Library, PackageManager, Plan, Tool, Toolchain } from '../../plan/schema.ts';
import { named } from '../../text/named.ts';
import { type Explanation, type Fact, findingsAbout } from '../views/explanation.ts';
import { against } from './against.ts';
import { keptPin, keptVersion } from './kept.ts';
import { gradeWords, matchWords, precisionWords, statusWords } from './words.ts';

type Inputs = ReadonlyMap<string, Input>;

/** What a plan is compared with. */
interface Compared {
  /** For what was decided against; null leaves that out. */
  catalogue: Catalogue | null;
  /** The plan without the lock, for what the lock kept; null where there is none. */
  fresh: Plan | null;
}

/** Everything in a plan that can be asked about. */
export function explanations(plan: Plan, compared: Compared): Explanation[] {
  const inputs: Inputs = new Map(plan.nixpkgs.map((input) => [input.input, input]));
  return [
    ...plan.toolchains.map((tool) => versioned(tool, 'language', plan, inputs, compared)),
    ...plan.packageManagers.map((tool) => versioned(tool, 'package manager', plan, inputs, compared)),
    ...plan.libraries.map((library) => part(library, libraryUse(library), plan, inputs)),
    ...plan.tools.map((tool) => part(tool, toolUse(tool), plan, inputs)),
    ...plan.environments
      .flatMap(({ variables }) => variables)
      .map((variable) => environmentVariable(variable, plan)),
    ...plan.services.map((service) => serviceOf(service, plan)),
    ...plan.variables.map((variable) => setting(variable, plan)),
    ...plan.projects.map(projectOf),
    target(plan),
    ...plan.nixpkgs.map((input) => pinned(input, plan, compared.fresh)),
    ...plan.findings.map(found),
  ];
}

/** A fact where there is something to say. */
function fact(name: string, text: string | null, isWarning = false): Fact[] {
  return text === null ? [] : [{ name, text, isWarning }];
}

function versioned(
  tool: Toolchain | PackageManager,
  kind: string,
  plan: Plan,
  inputs: Inputs,
  { catalogue, fresh }: Compared,
): Explanation {
  return {
    title: named(tool),
    kind,
    names: [tool.id, tool.key, tool.attribute],
    facts: [
      ...fact('asked', tool.requested ?? 'nothing in particular'),
      ...fact('decided', matchWords[tool.match], tool.match === 'nearest'),
      ...fact('version', `${tool.version ?? 'not known'} (${precisionWords[tool.precision]})`),
      ...fact('kept', keptVersion(tool, plan, fresh)),
      ...fact('status', statusWords[tool.status], true),
      ...source(tool, inputs),
      ...('lockfile' in tool ? fact('lock file', tool.lockfile) : []),
      ...('bundledWith' in tool ? fact('comes with', tool.bundledWith) : []),
      ...against(tool, inputs, catalogue).flatMap((text, at) => fact(at === 0 ? 'against' : '', text)),
    ],
    because: tool.because,
    findings: findingsAbout(plan, tool.because),
  };
}

function part(tool: Library | Tool, use: string, plan: Plan, inputs: Inputs): Explanation {
  return {
    title: tool.key,
    kind: use,
    names: [tool.key, tool.attribute],
    facts: source(tool, inputs),
    because: tool.because,
    findings: findingsAbout(plan, tool.because),
  };
}

function libraryUse({ use }: Library): string {
  return use === 'link' ? 'library to compile and link against' : 'library that is loaded at run time';
}

function toolUse({ because }: Tool): string {
  return because.length === 0 ? 'part of every environment' : 'tool';
}

function source(tool: Toolchain | PackageManager | Library | Tool, inputs: Inputs): Fact[] {
  const input = inputs.get(tool.input);
  const channel = input === undefined ? '' : ` = ${input.channel}, revision ${input.rev.slice(0, 12)}`;
  return [
    ...fact('from', `${tool.attribute} of ${tool.input}${channel}`),
    ...fact('grade', gradeWords[tool.grade], tool.grade === 'inferred' || tool.grade === 'unverified'),
    ...fact('systems', tool.systems?.join(', ') ?? null),
  ];
}

function environmentVariable(
  { name, value, because }: Plan['environments'][number]['variables'][number],
  plan: Plan,
): Explanation {
  const text = value
    .map((each) => (typeof each === 'string' ? each : `<${each.package}>${each.path}`))
    .join('');
  return {
    title: name,
    kind: 'variable of the environment',
    names: [name],
    facts: fact('value', text),
    because,
    findings: findingsAbout(plan, because),
  };
}

function serviceOf(service: Plan['services'][number], plan: Plan): Explanation {
  return {
    title: service.version === null ? service.id : `${service.id} ${service.version}`,
    kind: 'service that the application talks to',
    names: [service.id],
    facts: fact('port', service.port === null ? null : String(service.port)),
    because: service.because,
    findings: findingsAbout(plan, service.because),
  };
}

function setting({ name, value, required, because }: Plan['variables'][number], plan: Plan): Explanation {
  return {
    title: name,
    kind: 'setting that the application reads',
    names: [name],
    facts: [...fact('value', value), ...fact('needed', required ? 'yes' : 'no')],
    because,
    findings: findingsAbout(plan, because),
  };
}

function projectOf(project: Plan['projects'][number]): Explanation {
  return {
    title: project.path === '.' ? (project.name ?? 'the project at the top') : project.path,
    kind: [...project.frameworks, ...project.languages].join(', ') || 'project',
    names: [project.path, ...(project.name === null ? [] : [project.name])],
    facts: [
      ...fact('environment', project.environment),
      ...Object.entries(project.commands).flatMap(([name, command]) => fact(name, command)),
    ],
    because: project.because,
    findings: [],
  };
}

function target(plan: Plan): Explanation {
  const { kind, profile, network, asked = {} } = plan.target;
  const because = merged(plan.target.because, ...plan.nestedContainers.map((each) => each.because));
  const decision =
    kind === 'container'
      ? 'the project itself must run containers: Nix alone does not serve it'
      : plan.nestedContainers.length > 0
        ? 'nidify.jsonc or an option asks for it, although the project runs containers'
        : 'nothing in the repository clearly has to run containers: the Nix environment is enough';
  return {
    title: kind,
    kind: 'target',
    names: ['target', 'container', 'nix', ...plan.nestedContainers.map((each) => each.kind)],
    facts: [
      ...fact('decided', decision),
      ...fact('profile', profile),
      ...fact('network', network === null ? null : `build ${network.build}, run ${network.run}`),
      ...plan.nestedContainers.flatMap((each) =>
        fact(
          'runs',
          `${each.version === null ? each.kind : `${each.kind} ${each.version}`} (build ${each.network.build}, run ${each.network.run})`,
        ),
      ),
      ...containerFacts(plan),
      ...fact(
        'asked',
        Object.values(asked).length === 0
          ? null
          : `${Object.values(asked).join(', ')} (nidify.lock remembers it)`,
      ),
      ...targetAgainst(plan).flatMap((text, at) => fact(at === 0 ? 'against' : '', text)),
    ],
    because,
    findings: plan.findings.filter(
      (each) =>
        /^((nested-)?container(s?-|$)|feature-|image-|devcontainer-)/.test(each.code) ||
        findingsAbout(plan, because).includes(each),
    ),
  };
}

/** How its image is made. */
function containerFacts({ container, target }: Plan): Explanation['facts'] {
  if (container === undefined) return [];
  const { folder, policy, toolchain, features = [], images } = container;
  return [
    ...fact('folder', folder),
    ...fact('policy', target.profile === null ? null : policy),
    ...fact('toolchain', toolchain),
    ...features.flatMap(({ id, options }) => fact('feature', `${id} ${JSON.stringify(options)}`)),
    ...images.flatMap(({ key, reference, digest }) =>
      fact(key, `${reference} ${digest === null ? '(not pinned: `nidify update`)' : digest}`),
    ),
  ];
}

/** What might have decided otherwise, and why it did not. */
function targetAgainst({ target, findings, services, nestedContainers }: Plan): string[] {
  if (target.kind === 'container') {
    return [
      `nix alone: ${nestedContainers.length === 0 ? 'the configuration asks for a container' : 'a shell of Nix has no engine to run containers with'}`,
    ];
  }
  const vague = findings.filter(({ code }) => code.startsWith('nested-container-'));
  const images = services.filter(({ because }) => because.some(({ rule }) => rule.startsWith('containers/')));
  return [
    ...vague.map(({ message }) => `container: ${message}`),
    ...(images.length === 0 || nestedContainers.length > 0
      ? []
      : [
          `container: ${images.map(({ id }) => id).join(', ')} can run anywhere, and nothing here starts them in containers`,
        ]),
  ];
}

function pinned(input: Input, plan: Plan, fresh: Plan | null): Explanation {
  const permits = [...input.permit.unfree, ...input.permit.insecure];
  return {
    title: `${input.input} = ${input.channel}`,
    kind: 'pinned nixpkgs',
    names: [input.input, input.channel],
    facts: [
      ...fact('revision', input.rev),
      ...fact('of', new Date(input.lastModified * 1000).toISOString().slice(0, 10)),
      ...fact('kept', keptPin(input, fresh)),
      ...fact('needs', `Nix ${input.minimumNix} or newer`),
      ...fact('permits', permits.length === 0 ? null : permits.join(', '), true),
      ...fact('use', input.because.length === 0 ? 'the main channel' : 'what the main channel does not have'),
    ],
    because: input.because,
    findings: findingsAbout(plan, input.because),
  };
}

function found(finding: Finding): Explanation {
  return {
    title: finding.code,
    kind: finding.severity,
    names: [finding.code],
    facts: [...fact('says', finding.message), ...fact('hint', finding.hint)],
    because: finding.because,
    findings: [],
  };
}
