/** Dependencies that start containers, in the manifests of each ecosystem. */
import type { Inventory } from '../../scan/types.ts';
import { dependenciesOf } from '../dependencies/read.ts';
import type { DeclaredDependency } from '../dependencies/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import { type Announcing, announcing } from './kinds.ts';
import type { Sign } from './signs.ts';

/** The manifests of examples are left out, those of tests are not. */
export async function announcedContainers({ files }: Inventory): Promise<Sign[]> {
  const signs: Sign[] = [];
  for (const file of files.values()) {
    if (file.text === null || !mayAnnounce(file.text) || isExample(folderOf(file.path))) continue;
    for (const dependency of await dependenciesOf(file)) {
      const row = rowOf(dependency);
      if (row === undefined) continue;
      const isClear = row.clear === 'any' || dependency.isDevelopment || isTest(folderOf(file.path));
      signs.push({
        container: row.container,
        confidence: isClear ? 'high' : 'low',
        because: evidence(file, dependency.line(), `containers/${row.container}`),
      });
    }
  }
  return signs;
}

/** The longest word of each name: whatever way a manifest writes the name, the word is in it. */
const words = new Set(
  announcing.flatMap(({ names }) =>
    names.map((name) => name.split(/[^a-z0-9]+/).reduce((a, b) => (b.length > a.length ? b : a))),
  ),
);
const anyWord = new RegExp([...words].join('|'), 'i');

/** Whether it is worth to parse a manifest: hardly any has one of the words. */
function mayAnnounce(text: string): boolean {
  return anyWord.test(text);
}

function rowOf({ registry, name }: DeclaredDependency): Announcing | undefined {
  return announcing.find(
    (row) => row.registry === registry && row.names.some((wanted) => isNamed(name, wanted)),
  );
}

function isNamed(name: string, wanted: string): boolean {
  return /[/:._-]$/.test(wanted) ? name.startsWith(wanted) : name === wanted;
}

/** Test folders often have a manifest of their own, and tests are what containers are started for. */
export function isExample(folder: string): boolean {
  return isSideFolder(folder) && !isTest(folder);
}

function isTest(folder: string): boolean {
  return /(^|\/)(tests?|e2e|__tests__)(\/|$)/i.test(folder);
}
