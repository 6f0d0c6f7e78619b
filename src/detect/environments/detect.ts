/** The repository's own statements of its environment: docs/ecosystems/environments.md. */
import { append } from '../../append.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, shown } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { fileIn, filesNamed, folderOf } from '../shared/tree.ts';
import type { Detect, DetectContext, FindingNeed, Need } from '../types.ts';
import { brewLanguages, brewTools, devenvLanguages, languageOf } from './names.ts';
import { nixFacts } from './nix-text.ts';

/** Those of the root: they are for the whole repository. */
export const detectEnvironments: Detect = async (context) => [
  ...(await devboxNeeds(context)),
  ...nixNeeds(context),
  ...brewNeeds(context),
];

function language(id: string, version: string | null, because: Evidence): Need {
  const requests = version === null ? [] : [{ raw: version, scheme: 'prefix' as const, because }];
  return { kind: 'toolchain', id, project: '.', requests, because: [because], stated: true };
}

function tool(id: string, because: Evidence): Need {
  return { kind: 'tool', id, project: '.', because: [because] };
}

function unmapped(message: string, because: Evidence[]): FindingNeed {
  const hint = 'Where it is needed, name its package with "packages": { "add": [...] } in nidify.jsonc.';
  return findingNeed('environment-unmapped', 'info', message, hint, because);
}

/** https://www.jetify.com/docs/devbox/configuration/ */
async function devboxNeeds({ inventory }: DetectContext): Promise<Need[]> {
  const file = fileIn(inventory, '.', 'devbox.json');
  const document = file === null ? null : await parseJsonFile(file, { comments: true });
  if (file === null || document === null) return [];
  const lock = fileIn(inventory, '.', 'devbox.lock');
  const locked = lock === null ? null : ((await parseJsonFile(lock))?.value ?? null);
  const listed = valueAt(document.value, ['packages']);
  const entries: [string, string | null, number | null][] = Array.isArray(listed)
    ? listed.flatMap((each, at) =>
        typeof each === 'string' ? [[each, null, document.line(['packages', at])]] : [],
      )
    : isRecord(listed)
      ? Object.entries(listed).map(([name, body]) => [
          name,
          typeof body === 'string' ? body : (stringAt(body, ['version']) ?? 'latest'),
          document.line(['packages', name]),
        ])
      : [];
  const needs = entries.flatMap(([text, given, line]) => {
    const because = evidence(file, line, 'environments/devbox');
    return devboxPackage(text, given, locked, because);
  });
  for (const [name, value] of entriesAt(document.value, ['env'])) {
    if (typeof value !== 'string' || /[$`]/.test(value) || !/^[A-Za-z_]\w*$/.test(name)) continue;
    const because = [evidence(file, document.line(['env', name]), 'environments/devbox-env')];
    needs.push({ kind: 'environment-variable', name, value, project: '.', because });
  }
  return needs;
}

/** `name@version`: https://www.jetify.com/docs/devbox/guides/pinning-packages/ */
function devboxPackage(text: string, given: string | null, locked: unknown, because: Evidence): Need[] {
  if (/^(github|gitlab|git\+|path|tarball|\.|\/)|[:#]/.test(text)) {
    return [unmapped(`devbox takes ${shown(text)} from a flake, which is not evaluated`, [because])];
  }
  const { name, pinned } = /^(?<name>[\w.+-]{1,100})(?:@(?<pinned>[\w.+-]{1,60}))?$/.exec(text)?.groups ?? {};
  if (name === undefined) return [];
  const wanted = given ?? pinned ?? 'latest';
  const resolved = stringAt(locked, ['packages', `${name}@${wanted}`, 'version']);
  const version = /^\d/.test(wanted) ? wanted : resolved;
  const found = languageOf(name);
  if (found !== null) return [language(found.id, version ?? found.version, because)];
  if (/^python\d*Packages\.(pip|virtualenv)$/.test(name)) return [];
  if (name.includes('.'))
    return [unmapped(`devbox takes ${name}, which is part of another package`, [because])];
  if (!/^\d/.test(wanted) || !isKnownTool(name)) return [tool(name, because)];
  const message = `${name} ${wanted} is asked for: nixpkgs has one version of it, which may be another`;
  return [tool(name, because), findingNeed('tool-version', 'info', message, null, [because])];
}

/** Only of what is a program of the catalogue is its version worth a word. */
function isKnownTool(name: string): boolean {
  return Object.values(brewTools).includes(name);
}

/** devenv.nix says languages and packages (https://devenv.sh/languages/); of flakes and shells only languages are read. */
function nixNeeds(context: DetectContext): Need[] {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['devenv.nix', 'flake.nix', 'shell.nix'])) {
    if (folderOf(file.path) !== '.' || file.text === null) continue;
    const { settings, packages } = nixFacts(file.text);
    for (const { name, line } of packages) {
      const found = languageOf(name);
      const because = evidence(file, line, 'environments/nix');
      if (found !== null) needs.push(language(found.id, found.version, because));
      else if (file.path === 'devenv.nix' && /^[\w-]{1,80}$/.test(name)) needs.push(tool(name, because));
    }
    if (file.path === 'devenv.nix') append(needs, devenvNeeds(file, settings));
  }
  return once(needs);
}

function devenvNeeds(file: ClaimedFile, settings: ReturnType<typeof nixFacts>['settings']): Need[] {
  return settings.flatMap(({ path, value, line }) => {
    const name = /^languages\.(?<name>\w+)\.enable$/.exec(path)?.groups?.name;
    if (name === undefined || value !== 'true') return [];
    const because = evidence(file, line, 'environments/devenv');
    const id = Object.hasOwn(devenvLanguages, name) ? devenvLanguages[name] : undefined;
    if (id === undefined) return [unmapped(`devenv enables the language ${shown(name)}`, [because])];
    const version = settings.find((each) => each.path === `languages.${name}.version`);
    if (version === undefined || !/^\d/.test(version.value)) return [language(id, null, because)];
    return [language(id, version.value, evidence(file, version.line, 'environments/devenv'))];
  });
}

/** A language that is asked for twice: by the first place that says its version. */
function once(needs: readonly Need[]): Need[] {
  const rank = (need: Need) => (need.kind === 'toolchain' && need.requests.length > 0 ? 0 : 1);
  const sorted = [...needs].sort((a, b) => rank(a) - rank(b));
  const seen = new Set<string>();
  return sorted.filter((need) => {
    if (need.kind !== 'toolchain') return true;
    return !seen.has(need.id) && seen.add(need.id) !== undefined;
  });
}

const formula =
  /^\s*brew\s*(?:\(\s*)?(?<quote>["'])(?<name>[\w.+/-]{1,100})(?:@(?<version>[\d.]{1,20}))?\k<quote>/;

/** https://docs.brew.sh/Brew-Bundle-and-Brewfile; applications and fonts are for people, not for the project. */
function brewNeeds({ inventory }: DetectContext): Need[] {
  const file = fileIn(inventory, '.', 'Brewfile');
  if (file?.text == null) return [];
  const needs: Need[] = [];
  const unknown: { name: string; because: Evidence }[] = [];
  for (const [at, line] of file.text.split('\n', 5000).entries()) {
    const { name: full, version } = formula.exec(line.slice(0, 500))?.groups ?? {};
    const name = full?.split('/').at(-1);
    if (name === undefined) continue;
    const because = evidence(file, at + 1, 'environments/brew');
    const id = Object.hasOwn(brewLanguages, name) ? brewLanguages[name] : undefined;
    const program = Object.hasOwn(brewTools, name) ? brewTools[name] : undefined;
    if (id !== undefined) needs.push(language(id, version ?? null, because));
    else if (program !== undefined) needs.push(tool(program, because));
    else unknown.push({ name, because });
  }
  if (unknown.length === 0) return once(needs);
  const names = unknown.map(({ name }) => name).join(', ');
  const places = unknown.slice(0, 5).map(({ because }) => because);
  return [...once(needs), unmapped(shown(`the Brewfile lists ${names}`), places)];
}
