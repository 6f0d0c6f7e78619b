/** Racket: its packages, else programs without one. See docs/ecosystems/racket.md. */
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { shellWord } from '../shared/shell-word.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { Detect, DetectContext, Need, ProjectNeed, VersionRequest } from '../types.ts';
import { racketCommands } from './commands.ts';
import { neededWith, packagesOf, type RacketPackage } from './packages.ts';

/** Packages; those of examples and tests count only where there is nothing else, and then as optional. */
export const detectRacket: Detect = async (context) => {
  if (context.isLast === true) return sources(context);
  const all = packagesOf(context);
  const main = all.filter(({ folder }) => !isSideFolder(folder));
  const [side] = all;
  if (main.length === 0 && side !== undefined) {
    const requests = await requestsOf(context, side.folder, [side]);
    const because = [presence(side.file.path, 'racket/info')];
    return [{ kind: 'toolchain', id: 'racket', project: side.folder, requests, because, optional: true }];
  }
  const needed = neededWith(main);
  const needs = await Promise.all(main.map((each) => needsOf(context, each, needed(each))));
  return needs.flat();
};

/** Frameworks by the package that brings them. */
const frameworks: ReadonlyMap<string, string> = new Map([
  ['web-server', 'web-server'],
  ['web-server-lib', 'web-server'],
  ['koyo-lib', 'koyo'],
  ['pollen', 'pollen'],
]);

async function needsOf(
  context: DetectContext,
  one: RacketPackage,
  needed: readonly RacketPackage[],
): Promise<Need[]> {
  const { folder, file, info } = one;
  const because = [presence(file.path, 'racket/info')];
  const requests = await requestsOf(context, folder, needed);
  const { commands, because: program } = racketCommands(context.inventory, one, needed);
  const found = info.dependencies.flatMap(({ name }) => frameworks.get(name) ?? []);
  return [
    { kind: 'toolchain', id: 'racket', project: folder, requests, because },
    { kind: 'package-manager', id: 'raco', project: folder, requests: [], lockfile: null, because },
    {
      ...project(folder, commands, [...because, ...program]),
      name: info.collection ?? (folder === '.' ? null : nameOf(folder)),
      frameworks: [...new Set(found)],
      packageManager: 'raco',
    },
    ...(info.isReadable ? [] : [unreadable(file)]),
  ];
}

/**
 * A version manager, then the least that the package and those installed with it accept: `base` has the version of Racket,
 * and `racket` means it. `version` is the package's own.
 */
async function requestsOf(
  { inventory }: DetectContext,
  folder: string,
  packages: readonly RacketPackage[],
): Promise<VersionRequest[]> {
  const requests = await versionFileRequests(inventory, folder, ['racket']);
  for (const { file, info } of packages) {
    for (const { name, version, line } of info.dependencies) {
      if (version === null || !/^(base|racket)$/.test(name) || !/^\d+(\.\d+){1,3}$/.test(version)) continue;
      requests.push({ raw: version, scheme: 'minimum', because: evidence(file, line, `racket/${name}`) });
    }
  }
  return requests;
}

function project(path: string, commands: Partial<Commands>, because: Evidence[]): ProjectNeed {
  return {
    kind: 'project',
    path,
    name: null,
    languages: ['racket'],
    frameworks: [],
    packageManager: null,
    commands,
    ports: [],
    because,
  };
}

function unreadable({ path }: ClaimedFile): Need {
  return findingNeed(
    'unreadable-manifest',
    'error',
    `${path} cannot be read as Racket reads it`,
    'Mend the file, or leave it out with "ignore" in nidify.jsonc.',
    [presence(path, 'racket/info')],
  );
}

/** Programs without a package: `main`, `app` or the like is started, or the only one. */
async function sources({ inventory }: DetectContext): Promise<Need[]> {
  const files = [...inventory.files.values()].filter(
    ({ path }) => path.endsWith('.rkt') && /^(\.|src)$/.test(folderOf(path)),
  );
  const named = ['main', 'init', 'app', 'index'].map((name) =>
    files.find(({ path }) => nameOf(path) === `${name}.rkt`),
  );
  const main = named.find((file) => file !== undefined) ?? (files.length === 1 ? files[0] : undefined);
  const sign = main ?? files[0];
  if (sign === undefined) return [];
  const because = [presence(sign.path, 'racket/source')];
  const requests = await versionFileRequests(inventory, '.', ['racket']);
  const word = main === undefined ? null : shellWord(main.path);
  return [
    { kind: 'toolchain', id: 'racket', project: '.', requests, because },
    project('.', word === null ? {} : { start: `racket ${word}` }, because),
  ];
}
