/** Hugo: https://gohugo.io/configuration/ */
import { append } from '../../append.ts';
import type { ParsedDocument } from '../../parse/document.ts';
import { isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile, parseTomlFile, parseYamlFile } from '../shared/parsed.ts';
import { isThere } from '../shared/paths.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, VersionRequest } from '../types.ts';
import { configNames, hugoNames } from './claims.ts';

interface Site {
  folder: string;
  file: ClaimedFile;
  document: ParsedDocument | null;
}

const exampleSite = /(^|\/)exampleSite(\/|$)/;

export const detectHugo: Detect = async (context) => {
  const sites = await hugoSites(context);
  const main = sites.filter(({ folder }) => !isSideFolder(folder) && !exampleSite.test(folder));
  const needs: Need[] = [];
  for (const site of main) append(needs, await siteNeeds(context, site));
  if (main.length === 0) append(needs, await themeNeeds(context, sites));
  return needs;
};

/** Folders with a configuration: its own name says it, the old one only together with what is in it. */
async function hugoSites(context: DetectContext): Promise<Site[]> {
  const sites = new Map<string, Site>();
  for (const file of context.inventory.files.values()) {
    const name = nameOf(file.path);
    const isNamed = hugoNames.includes(name);
    if (!isNamed && !configNames.includes(name)) continue;
    const folder = folderOf(file.path).replace(/(^|\/)config\/_default$/, '') || '.';
    if (sites.has(folder)) continue;
    const document = await parsed(file);
    if (isNamed || isHugo(context, folder, document)) sites.set(folder, { folder, file, document });
  }
  return [...sites.values()];
}

export async function parsed(file: ClaimedFile): Promise<ParsedDocument | null> {
  if (file.path.endsWith('.toml')) return parseTomlFile(file);
  return file.path.endsWith('.json') ? parseJsonFile(file) : parseYamlFile(file);
}

/** Settings are named without regard to case. */
function setting(document: ParsedDocument | null, name: string): unknown {
  if (!isRecord(document?.value)) return undefined;
  return Object.entries(document.value).find(([key]) => key.toLowerCase() === name)?.[1];
}

function isHugo({ inventory }: DetectContext, folder: string, document: ParsedDocument | null): boolean {
  const isSite = ['baseurl', 'theme', 'module', 'languagecode'].some(
    (name) => setting(document, name) !== undefined,
  );
  const parts = ['content', 'layouts', 'themes', 'archetypes'];
  return isSite && parts.some((name) => isThere(inventory, join(folder, name)));
}

async function siteNeeds(context: DetectContext, { folder, file, document }: Site): Promise<Need[]> {
  const { inventory } = context;
  const because = [presence(file.path, 'sites/hugo')];
  const netlify = await netlifyOf(context, folder);
  const needs: Need[] = [
    {
      kind: 'toolchain',
      id: 'hugo',
      project: folder,
      requests: [...versionOf(file, document), ...netlify.requests],
      because,
    },
    {
      kind: 'project',
      // Its own modules, which it fetches itself.
      brings: ['go'],
      path: folder,
      name: null,
      languages: ['static'],
      frameworks: ['hugo'],
      packageManager: null,
      commands: {
        build: netlify.command ?? 'hugo',
        dev: 'hugo server',
        start: 'hugo server --environment production --bind 0.0.0.0',
      },
      ports: [1313],
      because,
    },
  ];
  const modules = valueAt(setting(document, 'module'), ['imports']);
  if (Array.isArray(modules) && modules.length > 0) {
    const imports = [evidence(file, document?.line(['module', 'imports']) ?? null, 'sites/hugo-modules')];
    needs.push({ kind: 'tool', id: 'git', project: folder, because: imports });
    if (fileIn(inventory, folder, 'go.mod') === null)
      needs.push({ kind: 'tool', id: 'go', project: folder, because: imports });
  }
  return needs;
}

/** https://gohugo.io/configuration/module/#hugo-version; nixpkgs builds the extended edition. */
function versionOf(file: ClaimedFile, document: ParsedDocument | null): VersionRequest[] {
  const place = ['module', 'hugoVersion'];
  const least = numbersOf(stringAt(document?.value, [...place, 'min']));
  const most = numbersOf(stringAt(document?.value, [...place, 'max']));
  if (document === null || (least === null && most === null)) return [];
  const line = document.line([...place, least === null ? 'max' : 'min']);
  const raw = [least === null ? '' : `>=${least}`, most === null ? '' : `<=${most}`].join(' ').trim();
  return [{ raw, scheme: 'semver', because: evidence(file, line, 'sites/hugo-version') }];
}

function numbersOf(text: string | null): string | null {
  return /^v?(?<numbers>\d{1,9}(?:\.\d{1,9}){1,2})$/.exec(text ?? '')?.groups?.numbers ?? null;
}

/** https://docs.netlify.com/build/frameworks/framework-setup-guides/hugo/ */
async function netlifyOf(
  { inventory }: DetectContext,
  folder: string,
): Promise<{ requests: VersionRequest[]; command: string | null }> {
  const file = fileIn(inventory, folder, 'netlify.toml') ?? fileIn(inventory, '.', 'netlify.toml');
  const document = file === null ? null : await parseTomlFile(file);
  if (file === null || document === null) return { requests: [], command: null };
  const place = ['build', 'environment', 'HUGO_VERSION'];
  const raw = numbersOf(stringAt(document.value, place));
  const command = stringAt(document.value, ['build', 'command']);
  const isOwn = folderOf(file.path) === folder && command !== null && /^hugo(?: [\w=./-]+)*$/.test(command);
  return {
    requests:
      raw === null
        ? []
        : [{ raw, scheme: 'prefix', because: evidence(file, document.line(place), 'sites/netlify') }],
    command: isOwn ? command : null,
  };
}

/** A theme has no site of its own but an example. */
async function themeNeeds({ inventory }: DetectContext, sites: readonly Site[]): Promise<Need[]> {
  const file = fileIn(inventory, '.', 'theme.toml');
  const document = file === null ? null : await parseTomlFile(file);
  const place = ['min_version'];
  const least = numbersOf(stringAt(document?.value, place));
  const [site] = sites;
  const requests: VersionRequest[] =
    file === null || least === null
      ? []
      : [
          {
            raw: `>=${least}`,
            scheme: 'semver',
            because: evidence(file, document?.line(place) ?? null, 'sites/hugo-theme'),
          },
        ];
  if (site === undefined && requests.length === 0) return [];
  const because = [presence(file?.path ?? site?.file.path ?? '', 'sites/hugo-theme')];
  return [
    {
      kind: 'toolchain',
      id: 'hugo',
      project: '.',
      requests,
      because,
      ...(file === null ? { optional: true } : {}),
    },
  ];
}
