/** The local stack of Supabase: https://supabase.com/docs/guides/local-development */
import { stringAt } from '../../parse/value.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { parseJsonFile } from '../shared/parsed.ts';
import { ancestors, fileIn, folderOf, isSideFolder } from '../shared/tree.ts';
import { allLines } from '../tasks/further.ts';
import type { Sign } from './signs.ts';

/** Commands that work on a project in the cloud. */
const remote =
  /\bsupabase\b.*(\s--linked\b|\s--project-(id|ref)\b|\s(link|login|db push|functions deploy|secrets)\b)/;

/**
 * Its configuration and its program as a dependency mean that the stack is run here, unless all that scripts do
 * is to work on a project in the cloud.
 */
export async function supabaseSigns(inventory: Inventory): Promise<Sign[]> {
  const signs: Sign[] = [];
  const calls = (await allLines(inventory)).filter(({ text }) => /\bsupabase\s/.test(text));
  const isRemote = calls.length > 0 && calls.every(({ text }) => remote.test(text.slice(0, 2000)));
  for (const { path } of inventory.files.values()) {
    if (!/(^|\/)supabase\/config\.toml$/.test(path) || isSideFolder(folderOf(path))) continue;
    for (const folder of ancestors(folderOf(path))) {
      const manifest = fileIn(inventory, folder, 'package.json');
      const document = manifest === null ? null : await parseJsonFile(manifest);
      const place = [['devDependencies'], ['dependencies']].find(
        (table) => stringAt(document?.value, [...table, 'supabase']) !== null,
      );
      if (manifest === null || document === null || place === undefined) continue;
      const confidence = isRemote ? 'low' : 'high';
      const line = document.line([...place, 'supabase']);
      signs.push(
        { container: 'supabase', confidence, because: presence(path, 'containers/supabase-config') },
        { container: 'supabase', confidence, because: evidence(manifest, line, 'containers/supabase') },
      );
      break;
    }
  }
  return signs;
}
