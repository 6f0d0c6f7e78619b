/** Generators of static sites that are programs of their own: docs/ecosystems/static.md. */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence, shown } from '../evidence.ts';
import { parseTomlFile, parseYamlFile } from '../shared/parsed.ts';
import { ancestors, filesNamed, folderOf, isBelow, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need, ProjectNeed } from '../types.ts';
import { detectHugo } from './hugo.ts';

export const detectSites: Detect = async (context) => [
  ...(await detectHugo(context)),
  ...(await detectZola(context)),
  ...(await detectMdbook(context)),
  ...(await detectMkdocs(context)),
];

function siteProject(
  id: string,
  path: string,
  commands: Partial<Commands>,
  port: number,
  because: Evidence[],
): ProjectNeed {
  return {
    kind: 'project',
    path,
    name: null,
    languages: ['static'],
    frameworks: [id],
    packageManager: null,
    commands,
    ports: [port],
    because,
  };
}

/** https://www.getzola.org/documentation/getting-started/configuration/: `base_url` is its one mandatory setting. */
const detectZola: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['config.toml'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder)) continue;
    const document = await parseTomlFile(file);
    const hasContent = context.inventory.paths.some(
      (path) => isBelow(path, join(folder, 'content')) || isBelow(path, join(folder, 'templates')),
    );
    if (document === null || !hasContent || stringAt(document.value, ['base_url']) === null) continue;
    const because = [evidence(file, document.line(['base_url']), 'sites/zola')];
    const commands = {
      build: 'zola build',
      test: 'zola check',
      dev: 'zola serve',
      start: 'zola serve --interface 0.0.0.0',
    };
    needs.push(
      { kind: 'tool', id: 'zola', project: folder, because },
      siteProject('zola', folder, commands, 1111, because),
    );
  }
  return needs;
};

/** What mdBook has itself: https://rust-lang.github.io/mdBook/format/configuration/ */
const ownParts = new Set(['html', 'markdown', 'links', 'index', 'text']);

const detectMdbook: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['book.toml'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder)) continue;
    const document = await parseTomlFile(file);
    const because = [presence(file.path, 'sites/mdbook')];
    const commands = {
      build: 'mdbook build',
      test: 'mdbook test',
      dev: 'mdbook serve',
      start: 'mdbook serve --hostname 0.0.0.0',
    };
    needs.push(
      { kind: 'tool', id: 'mdbook', project: folder, because },
      siteProject('mdbook', folder, commands, 3000, because),
    );
    if (document !== null) needs.push(...mdbookParts(file, document, folder));
  }
  return needs;
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
const detectMkdocs: Detect = async (context) => {
  const needs: Need[] = [];
  for (const file of filesNamed(context, ['mkdocs.yml', 'mkdocs.yaml'])) {
    const folder = folderOf(file.path);
    if (isSideFolder(folder) || isPython(context, folder)) continue;
    const because = [presence(file.path, 'sites/mkdocs')];
    const commands = {
      build: 'mkdocs build',
      dev: 'mkdocs serve',
      start: 'mkdocs serve --dev-addr 0.0.0.0:8000',
    };
    needs.push(
      { kind: 'tool', id: 'mkdocs', project: folder, because },
      siteProject('mkdocs', folder, commands, 8000, because),
    );
    const document = await parseYamlFile(file);
    const foreign = document === null ? [] : foreignParts(document);
    if (foreign.length === 0) continue;
    needs.push({
      kind: 'finding',
      code: 'mkdocs-plugins',
      severity: 'warning',
      message: `${file.path} names ${foreign.map(shown).join(', ')}, which MkDocs of nixpkgs does not bring`,
      hint: 'List MkDocs and them in a requirements.txt beside it.',
      because,
    });
  }
  return needs;
};

function isPython({ inventory }: DetectContext, folder: string): boolean {
  const folders = new Set([...ancestors(folder), join(folder, 'docs'), join(folder, 'requirements')]);
  return inventory.paths.some((path) => pythonManifests.test(nameOf(path)) && folders.has(folderOf(path)));
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
