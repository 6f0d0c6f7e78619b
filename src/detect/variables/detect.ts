/** The application's variables: docs/variables.md says which files are read. */
import { append } from '../../append.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { depthOf, folderOf, isSideFolder } from '../shared/tree.ts';
import type { ApplicationVariableNeed, Detect } from '../types.ts';
import { springFiles } from './claims.ts';
import { composeVariables } from './compose.ts';
import { exampleVariables } from './examples.ts';
import { platformVariables } from './platforms.ts';
import { springVariables } from './spring.ts';

/** More variables than real applications have. */
const maxVariables = 500;
/** As many places as a reader wants to see for one. */
const maxEvidence = 5;

/** Each name once: the example of a person first, then what deploys it, each from the root downwards. */
export const detectVariables: Detect = async ({ inventory }) => {
  const files = outermostFirst(inventory);
  const all: ApplicationVariableNeed[] = exampleVariables(files);
  for (const file of files) append(all, await platformVariables(file));
  append(all, await composeVariables(inventory));
  for (const file of files) if (springFiles.test(file.path)) append(all, springVariables(file));
  const byName = new Map<string, ApplicationVariableNeed>();
  for (const need of all) {
    const known = byName.get(need.name);
    if (known === undefined) {
      if (byName.size < maxVariables) byName.set(need.name, { ...need, because: [...need.because] });
    } else if (known.because.length < maxEvidence) append(known.because, need.because);
  }
  return [...byName.values()];
};

function outermostFirst({ files }: Inventory): ClaimedFile[] {
  return [...files.values()]
    .filter(({ path, text }) => text !== null && !isSideFolder(folderOf(path)))
    .sort((a, b) => depthOf(folderOf(a.path)) - depthOf(folderOf(b.path)));
}
