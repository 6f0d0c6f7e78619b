/** Which languages the sources of a folder are in. */
import type { Inventory } from '../../scan/types.ts';
import { isVendored } from '../c/tree.ts';
import { pathsBelow } from '../shared/paths.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import { type SourceLanguage, sourceLanguages } from './languages.ts';

export interface Census {
  language: SourceLanguage;
  /** How many sources. */
  count: number;
  /** The nearest to the folder itself, the first by name of those. */
  first: string;
}

const documentation = /(^|\/)docs?(\/|$)/i;

const byEnding = new Map(
  sourceLanguages.flatMap((language) =>
    language.endings.map((ending): [string, SourceLanguage] => [ending, language]),
  ),
);

/**
 * The languages of a folder and the folders below, the one with most sources first. Other people's code, examples,
 * tests and documentation do not count.
 */
export function censusOf(inventory: Pick<Inventory, 'paths'>, folder: string): Census[] {
  const found = new Map<SourceLanguage, Census>();
  const counts = new Map<string, boolean>();
  for (const path of pathsBelow(inventory, folder)) {
    const language = byEnding.get(endingOf(path));
    if (language === undefined) continue;
    const at = folderOf(path);
    let isOwn = counts.get(at);
    if (isOwn === undefined) {
      isOwn = !isVendored(at) && !isSideFolder(at) && !documentation.test(at);
      counts.set(at, isOwn);
    }
    if (!isOwn) continue;
    const known = found.get(language);
    if (known === undefined) found.set(language, { language, count: 1, first: path });
    else {
      known.count++;
      if (depth(path) < depth(known.first)) known.first = path;
    }
  }
  return [...found.values()].sort(
    (a, b) => b.count - a.count || sourceLanguages.indexOf(a.language) - sourceLanguages.indexOf(b.language),
  );
}

function endingOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot > path.lastIndexOf('/') ? path.slice(dot).toLowerCase() : '';
}

const depth = (path: string) => path.split('/').length;
