/** The packages that answer toolchains and package managers. */
import { append } from '../append.ts';
import { shown } from '../detect/evidence.ts';
import type { PackageManagerNeed, ToolchainNeed } from '../detect/types.ts';
import { addTo } from '../grouped.ts';
import { finding, merged, needsOf } from './context.ts';
import { packageManagerTool } from './demands.ts';
import { extensionsOf, joined } from './extensions.ts';
import { permit, versioned } from './parts.ts';
import { runsOn } from './rules.ts';
import type { Evidence, Extension, Finding } from './schema.ts';
import { programKeys, type Site } from './site.ts';
import type { Answer } from './versions.ts';

/** Toolchains in the order in which ecosystems found them, then package managers: the order of PATH. */
export function answeredKeys(site: Site): { keys: string[]; findings: Finding[] } {
  const { context, group, main, parts } = site;
  const isMember = ({ project }: { project: string }) => group.members.has(project);
  const toolchains = needsOf(context.needs, 'toolchain').filter(isMember);
  const isOptional = toolchains.every((need) => need.optional === true);
  const keys: string[] = [];
  const findings: Finding[] = [];
  const extensions = new Map<string, Extension[]>();
  for (const need of toolchains) {
    const answer = group.answers.get(need.id);
    if (answer === undefined) continue;
    const evidence = evidenceOf(answer, need.because);
    const entry = versioned(main, need.id, answer.selection, answer.request?.raw ?? null, evidence);
    const composed = extensionsOf(site, need, answer.selection);
    append(findings, composed.findings);
    keep(parts.toolchains, { ...entry, optional: isOptional });
    for (const extension of composed.extensions) addTo(extensions, entry.key, extension);
    permit(parts, answer.selection.fact.channel, answer.selection.fact);
    keys.push(entry.key, ...companionKeys(site, answer, need.components ?? [], evidence));
    append(findings, foreignTargets(need, answer));
  }
  for (const [key, added] of extensions) {
    const kept = parts.toolchains.get(key);
    if (kept !== undefined) kept.extensions = joined([...(kept.extensions ?? []), ...added]);
  }
  for (const need of needsOf(context.needs, 'package-manager').filter(isMember)) {
    const manager = packageManager(site, need);
    append(keys, manager.keys);
    append(findings, manager.findings);
  }
  return { keys, findings };
}

/** Rust's targets other than the machine: rustup installs them, nixpkgs' compiler has few of them. */
function foreignTargets({ id, components = [], because }: ToolchainNeed, { selection }: Answer): Finding[] {
  const targets = components.filter((component) => component.split('-').length > 2);
  if (id !== 'rust' || selection.line === 'rustup' || targets.length === 0) return [];
  return [
    finding(
      'rust-target',
      'warning',
      `the target${targets.length > 1 ? 's' : ''} ${targets.map(shown).join(', ')} may be missing from the standard library of nixpkgs' rustc`,
      'Where compiling for it fails, set "versions": { "rust": "rustup" } in nidify.jsonc: rustup installs it from the network.',
      because,
    ),
  ];
}

/** Further packages of a toolchain, from its own channel: cargo and clippy with rustc, and named components. */
function companionKeys(
  site: Site,
  { selection }: Answer,
  components: readonly string[],
  because: readonly Evidence[],
): string[] {
  const tool = site.context.catalogue.tool(selection.tool);
  const line = tool?.lines.find((each) => each.line === selection.line);
  // `composer` is `php84.packages.composer` of that line.
  const named = (line?.components ?? []).filter((component) =>
    components.some((name) => component === name || component.endsWith(`.${name}`)),
  );
  return programKeys(site, [...(line?.companions ?? []), ...named], selection.fact.channel, because);
}

/** @returns no key for what a toolchain brings along, but a finding where another version of it is asked for */
function packageManager(
  { context: { catalogue }, group, main, parts }: Site,
  need: PackageManagerNeed,
): { keys: string[]; findings: Finding[] } {
  const { id, lockfile } = need;
  const bringer = need.fetchedFor ?? catalogue.tool(packageManagerTool(need))?.bundledWith ?? null;
  const answer = group.answers.get(bringer ?? id);
  if (answer === undefined) return { keys: [], findings: [] };
  const { selection } = answer;
  if (bringer === null) {
    const entry = versioned(
      main,
      id,
      selection,
      answer.request?.raw ?? null,
      evidenceOf(answer, need.because),
    );
    keep(parts.packageManagers, { ...entry, lockfile, runsOn: runsOn[id] ?? null, bundledWith: null });
    permit(parts, selection.fact.channel, selection.fact);
    return { keys: [entry.key], findings: [] };
  }
  const entry = versioned(main, id, selection, need.requests[0]?.raw ?? null, need.because);
  const bundledWith = `${bringer}-${selection.line}`;
  if (need.fetchedFor !== undefined) {
    keep(parts.packageManagers, {
      ...fetched(need, entry),
      key: `${id}@${bundledWith}`,
      lockfile,
      bundledWith,
    });
    return { keys: [], findings: [] };
  }
  keep(parts.packageManagers, {
    ...entry,
    key: `${id}@${bundledWith}`,
    version: null,
    precision: 'line',
    match: 'default',
    // Its age is the toolchain's to tell.
    status: 'supported',
    lockfile,
    runsOn: null,
    bundledWith,
  });
  return { keys: [], findings: bundledFinding(need, bundledWith) };
}

/** What a script of the repository fetches is what it names, and nothing of it is a package. */
function fetched({ requests }: PackageManagerNeed, entry: ReturnType<typeof versioned>) {
  const version = requests[0]?.raw ?? null;
  return {
    ...entry,
    version,
    precision: version === null ? ('line' as const) : ('exact' as const),
    match: version === null ? ('default' as const) : ('exact' as const),
    status: 'supported' as const,
    runsOn: null,
  };
}

function bundledFinding({ id, requests }: PackageManagerNeed, bundledWith: string): Finding[] {
  const pin = requests.find(({ scheme }) => scheme === 'exact');
  if (pin === undefined) return [];
  return [
    finding(
      'package-manager-bundled',
      'info',
      `${id} ${pin.raw} is asked for; ${bundledWith} brings the version of ${id} that it was released with`,
      `Where it must be this version, run it by \`npx ${id}@${pin.raw}\`.`,
      [pin.because],
    ),
  ];
}

function evidenceOf({ request }: Answer, because: readonly Evidence[]): Evidence[] {
  return merged(request === null ? [] : [request.because], because);
}

/** Adds an entry, or its evidence to the one that is there; `finished` drops what is there twice. */
function keep<T extends { key: string; because: Evidence[] }>(entries: Map<string, T>, entry: T): void {
  const known = entries.get(entry.key);
  if (known === undefined) entries.set(entry.key, { ...entry, because: [...entry.because] });
  else append(known.because, entry.because);
}
