import { append } from '../../append.ts';
import { filesNamed, folderOf, isSideFolder } from '../shared/tree.ts';
import type { Detect, Need } from '../types.ts';
import { babashkaNeeds } from './babashka.ts';
import { cliNeeds } from './cli.ts';
import { leinNeeds } from './lein.ts';

/** Clojure: projects of Leiningen and of the Clojure CLI, tasks of Babashka. */
export const detectClojure: Detect = async (context) => {
  const needs: Need[] = [];
  const folders = new Set<string>();
  const all = filesNamed(context, ['project.clj', 'deps.edn', 'bb.edn']);
  const main = all.filter(({ path }) => !isSideFolder(folderOf(path)));
  const files = main.length > 0 ? main : all.slice(0, 1);
  for (const name of ['project.clj', 'deps.edn']) {
    for (const file of files.filter(({ path }) => path === name || path.endsWith(`/${name}`))) {
      const folder = folderOf(file.path);
      // A project of Leiningen may have a deps.edn for tools; what builds it is then not in doubt.
      if (folders.has(folder)) continue;
      folders.add(folder);
      append(needs, await (name === 'project.clj' ? leinNeeds : cliNeeds)(context, file));
    }
  }
  for (const file of files.filter(({ path }) => /(^|\/)bb\.edn$/.test(path))) {
    append(needs, babashkaNeeds(file, !folders.has(folderOf(file.path))));
  }
  return needs;
};
