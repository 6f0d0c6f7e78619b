/** From a group of projects to one environment of the plan. */
import { selectLine } from '../catalogue/select.ts';
import type { Catalogue } from '../catalogue/types.ts';
import type { CompilerNeed } from '../detect/types.ts';
import { answeredKeys } from './answered.ts';
import { configEvidence, finding, needsOf } from './context.ts';
import { mixedRuntimes } from './groups.ts';
import { inputName } from './inputs.ts';
import { libraryNeeds } from './library-rules.ts';
import { type NativeNeeds, nativeNeeds, resolve } from './native.ts';
import { addPart, keyOf, permit } from './parts.ts';
import { commonHooks, compilerTools, firstChannelWithC23 } from './rules.ts';
import type { Environment, Evidence, Finding } from './schema.ts';
import { programKeys, type Site } from './site.ts';
import { ruledVariables, variablesOf } from './variables.ts';

/** Builds an environment and adds its packages to the plan's. */
export function buildEnvironment(site: Site): { environment: Environment; findings: Finding[] } {
  const { context, group, main } = site;
  const shell = programKeys(site, ['bashInteractive'], group.base);
  // For the hook that follows a company's certificates where there are any.
  programKeys(site, ['cacert'], group.base);
  const answered = answeredKeys(site);
  const native = nativeNeeds(site);
  const tools = toolKeys(site);
  const added = addedKeys(site);
  const ruled = ruledVariables(site);
  const linked = libraryNeeds(site, [...native.link, ...added.libraries]);
  const variables = variablesOf(site, native, [...ruled.variables, ...linked.variables]);
  const compiler = compilerOf(site, native, added.libraries);
  const removed = new Set(context.config.packages?.remove);
  const keys = [
    ...shell,
    ...answered.keys,
    ...native.programs,
    ...tools.keys,
    ...added.programs,
    ...native.link,
    ...added.libraries,
    ...site.servers,
  ];
  return {
    environment: {
      name: group.name,
      projects: group.projects,
      base: inputName(group.base, main),
      compiler: compiler.stdenv,
      packages: [...new Set(keys)].filter((key) => !removed.has(key)),
      variables: variables.variables,
      libraryPath: native.dlopen,
      hardeningDisable: hardeningDisable(site, compiler.stdenv),
      hooks: [...commonHooks.map((id) => ({ id, because: [] })), ...ruled.hooks, ...linked.hooks],
    },
    findings: [
      ...[answered, native, tools, added, ruled, variables, compiler].flatMap(({ findings }) => findings),
      ...(native.dlopen.length > 0 ? mixed(site) : []),
    ],
  };
}

/**
 * Whether something is compiled, and by what: the base channel's compiler, or the one that the configuration
 * names. Libraries to link are no use without one.
 */
function compilerOf(
  { context: { needs, config, catalogue }, group }: Site,
  native: NativeNeeds,
  addedLibraries: readonly string[],
): { stdenv: string; findings: Finding[] } {
  const own = needsOf(needs, 'compiler').filter(({ project }) => group.members.has(project));
  const isNeeded = native.compiler.length > 0 || native.link.length > 0 || own.length > 0;
  if (!isNeeded && addedLibraries.length === 0) return { stdenv: config.compiler ?? 'none', findings: [] };
  if (config.compiler !== undefined) return { stdenv: config.compiler, findings: [] };
  const chosen = chosenStdenv(catalogue, own, group.base);
  if (chosen !== null && chosen.stdenv !== 'default') return chosen;
  const isC23 = group.base.startsWith('nixos-') && group.base >= firstChannelWithC23;
  return {
    stdenv: 'default',
    findings: [
      ...(chosen?.findings ?? []),
      ...(isC23 ? [...oldSources(native.compiler), ...undecidedStandard(own)] : []),
    ],
  };
}

/** The compiler that the projects name, where they agree and the channel has it; null where none names one. */
function chosenStdenv(
  catalogue: Catalogue,
  own: readonly CompilerNeed[],
  channel: string,
): { stdenv: string; findings: Finding[] } | null {
  const naming = own.filter(({ stdenvs }) => stdenvs !== undefined);
  const [first] = naming;
  if (first?.stdenvs === undefined) return null;
  const wishes = first.stdenvs;
  if (naming.some(({ stdenvs }) => JSON.stringify(stdenvs) !== JSON.stringify(wishes))) {
    const because = naming.flatMap((need) => need.because.slice(-1));
    return {
      stdenv: 'default',
      findings: [
        finding(
          'compiler-contradiction',
          'warning',
          'projects that share an environment name different compilers: the default one is taken',
          'Name one with "compiler" in nidify.jsonc.',
          because,
        ),
      ],
    };
  }
  const found = wishes.find((canonical) => catalogue.attribute(canonical, channel) !== null);
  const attribute =
    found === undefined ? 'default' : (catalogue.attribute(found, channel)?.attribute ?? found);
  if (found === wishes[0]) return { stdenv: attribute, findings: [] };
  return {
    stdenv: attribute,
    findings: [
      finding(
        'compiler-nearest',
        'warning',
        `${wishes[0]} is asked for, which ${channel} does not have: ${found ?? 'the default compiler'} is taken`,
        'Name another with "compiler" in nidify.jsonc.',
        first.because,
      ),
    ],
  };
}

/** A project's own C, of which nobody has said how old it is. */
function undecidedStandard(own: readonly CompilerNeed[]): Finding[] {
  const because = own.filter(({ hasOldC }) => hasOldC === true).flatMap((need) => need.because);
  if (because.length === 0) return [];
  return [
    finding(
      'compiler-c23',
      'info',
      'the C sources do not say by which standard they are read, and the compiler reads them as C23',
      'Where they do not compile, set "compiler": "gcc14Stdenv", or "env": { "NIX_CFLAGS_COMPILE": "-std=gnu17" }, in nidify.jsonc.',
      because,
    ),
  ];
}

/** Packages that compile C on installation are often older than the compiler. */
function oldSources(because: readonly Evidence[]): Finding[] {
  if (because.length === 0) return [];
  return [
    finding(
      'compiler-c23',
      'info',
      'packages with C sources are compiled on installation, by a compiler that reads C as C23: old sources may not compile',
      'Where they do not, set "compiler": "gcc14Stdenv", or "env": { "NIX_CFLAGS_COMPILE": "-std=gnu17" }, in nidify.jsonc.',
      because,
    ),
  ];
}

/** Libraries on LD_LIBRARY_PATH are everybody's, also a runtime's that was built with newer ones. */
function mixed({ group }: Site): Finding[] {
  return mixedRuntimes(group).map(({ demand, request, selection: { fact, line } }) =>
    finding(
      'library-path-conflict',
      'warning',
      `${demand.id} ${fact.version ?? line} comes from ${fact.channel}, but LD_LIBRARY_PATH holds libraries of ${group.base}: it may not start`,
      `Ask for a version of ${demand.id} that ${group.base} has, or for newer versions of the languages that come from ${group.base}.`,
      request === null ? [] : [request.because],
    ),
  );
}

/** Debug builds of cgo and of -sys crates compile C without optimisation, which _FORTIFY_SOURCE refuses. */
function hardeningDisable({ context, group }: Site, stdenv: string): string[] {
  const isConcerned =
    group.answers.has('go') ||
    group.answers.has('rust') ||
    needsOf(context.needs, 'compiler').some(
      ({ project, isOwnCode }) => isOwnCode === true && group.members.has(project),
    );
  return stdenv !== 'none' && isConcerned ? ['fortify'] : [];
}

function toolKeys({ context, group, main, parts }: Site): { keys: string[]; findings: Finding[] } {
  const keys: string[] = [];
  const findings: Finding[] = [];
  for (const need of needsOf(context.needs, 'tool')) {
    if (!group.members.has(need.project) && !(need.project === '.' && group.name === 'default')) continue;
    // The interpreter that the project has serves its build as well.
    if (need.id === 'python3' && group.answers.has('python')) continue;
    const home = compilerTools.has(need.id) ? group.base : main;
    const selection = selectLine(context.catalogue, need.id, null, { channel: home });
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
      key: keyOf(main, need.id, home),
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
function addedKeys({ context, group, main, parts }: Site) {
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
