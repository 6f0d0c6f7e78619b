/** What is run of a package: https://docs.racket-lang.org/raco/ */
import { posix } from 'node:path';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { hasPath, pathsBelow } from '../shared/paths.ts';
import { shellWord } from '../shared/shell-word.ts';
import { fileIn, folderOf, join } from '../shared/tree.ts';
import { isPackageName, type RacketPackage } from './packages.ts';

/** Documentation is left out; what is installed already, by a package of the same repository, stays. */
const installs = 'raco pkg install --auto --no-docs --skip-installed';

/** As many as fit a command that people read. */
const maxModules = 20;

/**
 * @param needed packages of the repository that are installed with this one, itself among them
 * @returns the commands, and why the module that is started can be
 */
export function racketCommands(
  inventory: Inventory,
  one: RacketPackage,
  needed: readonly RacketPackage[],
): { commands: Partial<Commands>; because: Evidence[] } {
  const { folder, info } = one;
  const mains = info.isMulti ? collectionMains(inventory, folder) : ownMain(inventory, folder);
  const words = mains.flatMap((path) => shellWord(path) ?? []);
  const [word] = words;
  const runs =
    mains.length === 1 && word !== undefined ? programOf(inventory, join(folder, mains[0] ?? '')) : null;
  return {
    commands: {
      install: installOf(one, needed),
      ...(words.length === 0 ? {} : { build: `raco make ${words.join(' ')}` }),
      test: testsOf(inventory, folder),
      ...(runs === null ? {} : { start: `racket ${word}` }),
    },
    because: runs === null ? [] : [runs],
  };
}

/** Alone, a package is linked from where the command runs: under the name of the folder, unless it is told another. */
function installOf({ folder, info }: RacketPackage, needed: readonly RacketPackage[]): string {
  const isNamed = folder !== '.' && isPackageName(posix.basename(folder));
  if (!isNamed) return isPackageName(info.collection) ? `${installs} --name ${info.collection}` : installs;
  const paths = needed.map((each) => shellWord(pathFrom(folder, each.folder)));
  return paths.length < 2 || paths.includes(null) ? installs : `${installs} ${paths.join(' ')}`;
}

/** With a slash, as it were a name for the catalogue else; of the folder itself by its name, which `.` has not. */
function pathFrom(folder: string, to: string): string {
  return folder === to ? `../${posix.basename(to)}` : posix.relative(folder, to);
}

function ownMain(inventory: Inventory, folder: string): string[] {
  const found = ['main.rkt', 'src/main.rkt'].find((name) => hasPath(inventory, join(folder, name)));
  return found === undefined ? [] : [found];
}

/** A collection's `main.rkt` is what is got by its name. */
function collectionMains(inventory: Inventory, folder: string): string[] {
  return pathsBelow(inventory, folder)
    .map((path) => (folder === '.' ? path : path.slice(folder.length + 1)))
    .filter((path) => /^[^/]+\/main\.rkt$/.test(path))
    .slice(0, maxModules);
}

/**
 * Submodules named `test` only (`-x`), as in the template of `raco pkg new`: without one, a module would be run itself, and
 * may be a server. Files of a folder of tests are run as they are.
 */
function testsOf(inventory: Inventory, folder: string): string {
  const tests = ['tests', 'test'].find((name) =>
    pathsBelow(inventory, join(folder, name)).some((path) => path.endsWith('.rkt')),
  );
  return tests === undefined ? 'raco test -x .' : `raco test -x . && raco test ${tests}`;
}

/** As far as a module is looked through. */
const maxLines = 20_000;

/** Why a module does something when it is run: it has a submodule `main`, or gives nothing to others. */
function programOf(inventory: Inventory, path: string): Evidence | null {
  const file = fileIn(inventory, folderOf(path), 'main.rkt');
  if (file?.text == null) return null;
  const lines = file.text.split('\n', maxLines);
  const find = (pattern: RegExp) => lines.findIndex((line) => pattern.test(line.slice(0, 200)));
  const main = find(/^\s*\(module[*+]?\s+main(?!\S)/);
  if (main !== -1) return evidence(file, main + 1, 'racket/main');
  const isEmpty = lines.every((line) => /^\s*(?:;|#lang|$)/.test(line.slice(0, 200)));
  return isEmpty || find(/^\s*\(provide(?!\S)/) !== -1 ? null : presence(path, 'racket/main');
}
