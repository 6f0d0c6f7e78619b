/** Generators of static sites that are programs of their own: docs/ecosystems/static.md. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { parseTomlFile, parseYamlFile } from '../shared/parsed.ts';
import { isThere } from '../shared/paths.ts';
import { ancestors, filesNamed, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, FindingNeed, Need } from '../types.ts';
import { detectHugo } from './hugo.ts';

/** A generator whose configuration file makes its folder a site. */
interface Generator {
  id: string;
  names: readonly string[];
  commands: Partial<Commands>;
  port: number;
  /** It is made for manuals. */
  isDocumentation?: true;
  /** What a file says; null where it is no site of this generator's after all. */
  read(context: DetectContext, file: ClaimedFile, folder: string): Promise<SiteSigns | null>;
}

/** How a folder was found to be a site, and what it needs besides its generator. */
interface SiteSigns {
  because: Evidence[];
  further: Need[];
}

export const detectSites: Detect = async (context) => [
  ...(await detectHugo(context)),
  ...(await sitesOf(context, zola)),
  ...(await sitesOf(context, mdbook)),
  ...(await sitesOf(context, mkdocs)),
];

async function sitesOf(
  context: DetectContext,
  { id, names, commands, port, isDocumentation, read }: Generator,
): Promise<Need[]> {
  const needs: Need[] = [];
  for (const file of filesNamed(context, names)) {
    const folder = folderOf(file.path);
    const signs = isSideFolder(folder) ? null : await read(context, file, folder);
    if (signs === null) continue;
    const { because, further } = signs;
    needs.push(
      { kind: 'tool', id, project: folder, because },
      {
        kind: 'project',
        path: folder,
        name: null,
        languages: ['static'],
        frameworks: [id],
        packageManager: null,
        commands,
        ports: [port],
        because,
        ...(isDocumentation === true ? { isBeside: true as const } : {}),
      },
      ...further,
    );
  }
  return needs;
}

/** https://www.getzola.org/documentation/getting-started/configuration/: `base_url` is its one mandatory setting. */
const zola: Generator = {
  id: 'zola',
  names: ['config.toml'],
  commands: {
    build: 'zola build',
    test: 'zola check',
    dev: 'zola serve',
    start: 'zola serve --interface 0.0.0.0',
  },
  port: 1111,
  async read({ inventory }, file, folder) {
    const document = await parseTomlFile(file);
    const hasPages = ['content', 'templates'].some((name) => isThere(inventory, join(folder, name)));
    if (document === null || !hasPages || stringAt(document.value, ['base_url']) === null) return null;
    return { because: [evidence(file, document.line(['base_url']), 'sites/zola')], further: [] };
  },
};

/** What mdBook has itself: https://rust-lang.github.io/mdBook/format/configuration/ */
const ownParts = new Set(['html', 'markdown', 'links', 'index', 'text']);

const mdbook: Generator = {
  id: 'mdbook',
  names: ['book.toml'],
  commands: {
    build: 'mdbook build',
    test: 'mdbook test',
    dev: 'mdbook serve',
    start: 'mdbook serve --hostname 0.0.0.0',
  },
  port: 3000,
  isDocumentation: true,
  async read(_, file, folder) {
    const document = await parseTomlFile(file);
    return {
      because: [presence(file.path, 'sites/mdbook')],
      further: document === null ? [] : mdbookParts(file, document, folder),
    };
  },
};

/** Preprocessors and backends are programs `mdbook-<name>`, unless a command says otherwise. */
function mdbookParts(file: ClaimedFile, document: ParsedDocument, project: string): Need[] {
  return ['preprocessor', 'output'].flatMap((table) =>
    entriesAt(document.value, [table]).flatMap(([name, body]): Need[] => {
      if (ownParts.has(name) || !isRecord(body) || body.optional === true) return [];
      const command = stringAt(body, ['command']) ?? `mdbook-${name}`;
      const [program = ''] = command.split(/\s+/);
      if (!/^mdbook-[a-z0-9-]{1,60}$/.test(program)) return [];
      const line = document.line([table, name]);
      return [{ kind: 'tool', id: program, project, because: [evidence(file, line, 'sites/mdbook-part')] }];
    }),
  );
}

/** Manifests with which a Python project brings its own MkDocs. */
const pythonManifests =
  /^(pyproject\.toml|setup\.(py|cfg)|Pipfile|poetry\.lock|uv\.lock|environment\.ya?ml|requirements[\w.-]*\.(txt|in))$/;

/** https://www.mkdocs.org/user-guide/configuration/ */
const mkdocs: Generator = {
  id: 'mkdocs',
  names: ['mkdocs.yml', 'mkdocs.yaml'],
  commands: {
    build: 'mkdocs build',
    dev: 'mkdocs serve',
    start: 'mkdocs serve --dev-addr 0.0.0.0:8000',
  },
  port: 8000,
  isDocumentation: true,
  async read(context, file, folder) {
    if (isPython(context, folder)) return null;
    const because = [presence(file.path, 'sites/mkdocs')];
    const document = await parseYamlFile(file);
    const foreign = document === null ? [] : foreignParts(document);
    return { because, further: foreign.length === 0 ? [] : [unbrought(file, foreign, because)] };
  },
};

function unbrought(file: ClaimedFile, foreign: readonly string[], because: Evidence[]): FindingNeed {
  return findingNeed(
    'mkdocs-plugins',
    'warning',
    `${file.path} names ${foreign.map(shown).join(', ')}, which MkDocs of nixpkgs does not bring`,
    'List MkDocs and them in a requirements.txt beside it.',
    because,
  );
}

function isPython({ inventory }: DetectContext, folder: string): boolean {
  const folders = [...ancestors(folder), join(folder, 'docs'), join(folder, 'requirements')];
  const python = pythonFolders(inventory);
  return folders.some((each) => python.has(each));
}

const known = new WeakMap<Inventory, ReadonlySet<string>>();

/** Folders with one of these manifests. */
function pythonFolders(inventory: Inventory): ReadonlySet<string> {
  let folders = known.get(inventory);
  if (folders === undefined) {
    folders = new Set(inventory.paths.filter((path) => pythonManifests.test(nameOf(path))).map(folderOf));
    known.set(inventory, folders);
  }
  return folders;
}

/** Themes and plugins that MkDocs has itself. */
const mkdocsOwn = new Set(['mkdocs', 'readthedocs', 'search']);

function foreignParts({ value }: ParsedDocument): string[] {
  const theme = stringAt(value, ['theme', 'name']) ?? stringAt(value, ['theme']);
  const plugins = valueAt(value, ['plugins']);
  const listed: unknown[] = Array.isArray(plugins) ? plugins : isRecord(plugins) ? Object.keys(plugins) : [];
  const names = listed.map((each) => (isRecord(each) ? Object.keys(each)[0] : each));
  return [theme, ...names].filter((name): name is string => typeof name === 'string' && !mkdocsOwn.has(name));
}
