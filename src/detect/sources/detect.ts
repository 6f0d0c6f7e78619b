/** Repositories of sources that no manifest describes: docs/ecosystems/sources.md. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { readMakefile } from '../c/makefile.ts';
import { evidence, presence } from '../evidence.ts';
import { hasPath } from '../shared/paths.ts';
import { shellWord } from '../shared/shell-word.ts';
import { recipeNames } from '../tasks/claims.ts';
import type { FindingNeed, Need } from '../types.ts';
import { type Census, censusOf } from './census.ts';

/**
 * What the sources of a repository are compiled or run with, where nothing has said it: the language that most of
 * them are in, and others of which there are at least half as many. No version is asked for.
 *
 * @param disabled ids of languages that the configuration does not want
 * @returns the needs, none where most sources are in no language that is served; and the sources that stand for them
 */
export function detectSources(
  inventory: Inventory,
  disabled: ReadonlySet<string>,
): { needs: Need[]; files: [string, ClaimedFile][] } {
  const [first, ...others] = censusOf(inventory, '.').filter(
    ({ language }) => !disabled.has(language.id ?? ''),
  );
  if (first === undefined || first.language.id === null) return { needs: [], files: [] };
  const languages = [first, ...others.filter((each) => each.language.id !== null && isMany(each, first))];
  const files = languages.map(({ first: path }): [string, ClaimedFile] => [
    path,
    inventory.files.get(path) ?? { path, blob: null, text: null, isHint: true },
  ]);
  return { needs: needsOf(inventory, first, languages), files };
}

/**
 * The same beside projects of other languages, where make compiles more sources of this one than there are of all
 * others: a server in Erlang, of which only the drivers in C have a manifest.
 */
export function detectUncovered(
  inventory: Inventory,
  found: readonly Need[],
  disabled: ReadonlySet<string>,
): Need[] {
  const census = censusOf(inventory, '.').filter(({ language }) => !disabled.has(language.id ?? ''));
  const [first] = census;
  const all = census.reduce((sum, { count }) => sum + count, 0);
  if (first === undefined || first.count * 2 <= all) return [];
  const { id, isCompiled, needsC } = first.language;
  if (id === null || !isCompiled || needsC === 'alone') return [];
  const isFound = (need: Need) =>
    (need.kind === 'toolchain' && need.id === id) || (need.kind === 'project' && need.languages.includes(id));
  if (found.some(isFound)) return [];
  const hasRoot = found.some((need) => need.kind === 'project' && need.path === '.');
  return hasRoot ? languageNeeds(first, '.') : needsOf(inventory, first, [first]);
}

function needsOf(inventory: Inventory, first: Census, languages: readonly Census[]): Need[] {
  const recipe = recipeNames.make.map((name) => inventory.files.get(name)).find((file) => file !== undefined);
  const because = [
    ...languages.map(({ first: path }) => presence(path, 'sources/most')),
    ...(recipe === undefined ? [] : [evidence(recipe, 1, 'sources/makefile')]),
  ];
  return [
    ...languages.flatMap((each) => languageNeeds(each, '.')),
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: languages.map(({ language }) => language.id ?? ''),
      frameworks: [],
      packageManager: null,
      commands: {
        ...commandsOf(inventory, recipe),
        ...(recipe === undefined && languages.length === 1 ? onlyScript(first) : {}),
      },
      ports: [],
      because,
    },
    assumed(first, recipe !== undefined, because),
  ];
}

function isMany({ count }: Census, most: Census): boolean {
  return count > 1 && count * 2 >= most.count;
}

/** The toolchain of a language, by its sources alone. */
export function languageNeeds({ language, first }: Census, project: string): Need[] {
  if (language.id === null) return [];
  const because = [presence(first, 'sources/most')];
  const { id, needsC } = language;
  return [
    ...(needsC === 'alone' ? [] : [{ kind: 'toolchain' as const, id, project, requests: [], because }]),
    ...(needsC === undefined ? [] : [{ kind: 'compiler' as const, project, because }]),
  ];
}

/** The only source is what is started. */
function onlyScript({ language: { run }, count, first }: Census): Partial<Commands> {
  const word = count === 1 ? shellWord(first) : null;
  return run === undefined || word === null ? {} : { start: `${run} ${word}` };
}

/** What the Makefile says, after the script that writes it. */
function commandsOf(inventory: Inventory, recipe: ClaimedFile | undefined): Partial<Commands> {
  const hasScript = hasPath(inventory, 'configure');
  const commands = recipe === undefined ? {} : readMakefile(recipe).commands;
  if (!hasScript || (recipe === undefined && !hasPath(inventory, 'Makefile.in'))) return commands;
  return { ...commands, build: './configure && make' };
}

function assumed({ language, count, first }: Census, hasRecipe: boolean, because: Evidence[]): FindingNeed {
  const sources = count === 1 ? first : `the ${count} sources like ${first}`;
  return {
    kind: 'finding',
    code: 'runtime-assumed',
    severity: hasRecipe ? 'info' : 'warning',
    message: `no manifest says what runs or compiles ${sources}: the usual ${language.needsC === 'alone' ? 'compiler' : language.id} is taken for granted`,
    hint: `${
      language.manifest === null ? '' : `Add a manifest (${language.manifest}), or choose`
    } the version with "versions" and what else is needed with "packages" in nidify.jsonc.`,
    because,
  };
}
