/** Perl: from what was scanned to needs. See docs/ecosystems/perl.md. */
import { append } from '../../append.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { pathsBelow } from '../shared/paths.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { frameworksOf, type PerlLayout, perlCommands } from './commands.ts';
import { distIniPrerequisites, type Prerequisites, prerequisitesOf } from './prerequisites.ts';
import { perlRequests } from './versions.ts';

const manifests = ['cpanfile', 'Makefile.PL', 'Build.PL', 'dist.ini'] as const;

/** Every folder with a list of modules or a build program; without any, scripts where nothing else is. */
export const detectPerl: Detect = async (context) => {
  const folders = foldersOf(context.inventory);
  const main = folders.filter(
    (folder) => !isSideFolder(folder) && !/(^|\/)(t|xt|local|inc|vendor)(\/|$)/.test(folder),
  );
  const needs: Need[] = [];
  for (const folder of main) append(needs, await needsOf(context, folder));
  if (main.length > 0) return needs;
  const [side] = folders;
  if (side !== undefined) {
    const because = announced(context.inventory, side);
    const requests = await perlRequests(context.inventory, side, []);
    return [{ kind: 'toolchain', id: 'perl', project: side, requests, because, optional: true }];
  }
  return withoutManifest(context);
};

function foldersOf({ files }: Inventory): string[] {
  const names: readonly string[] = manifests;
  const isOurs = (path: string, text: string | null) =>
    // Other tools have a dist.ini too: Dist::Zilla's names plug-ins, a licence or a name.
    nameOf(path) !== 'dist.ini' ||
    /^[ \t]*(\[@?[A-Z]|license[ \t]*=|copyright_holder[ \t]*=)/m.test(text ?? '');
  const found = [...files.values()].filter(
    ({ path, text }) => names.includes(nameOf(path)) && isOurs(path, text),
  );
  return [...new Set(found.map(({ path }) => folderOf(path)))].sort();
}

function announced(inventory: Inventory, folder: string): Evidence[] {
  const found = manifests.map((name) => fileIn(inventory, folder, name)).find((file) => file !== null);
  return found == null ? [] : [presence(found.path, 'perl/manifest')];
}

function prerequisitesIn(inventory: Inventory, folder: string): Prerequisites {
  const found: Prerequisites = { modules: [], unread: [] };
  for (const name of manifests) {
    const file = fileIn(inventory, folder, name);
    if (file === null) continue;
    if (name === 'dist.ini') append(found.modules, distIniPrerequisites(file));
    else {
      const { modules, unread } = prerequisitesOf(file);
      append(found.modules, modules);
      append(found.unread, unread);
    }
  }
  return found;
}

/** Build programs ask for these to be there, which perl brings. */
const withPerl = new Set([
  'perl',
  'strict',
  'warnings',
  'ExtUtils::MakeMaker',
  'Test::More',
  'Module::Build',
  'Carp',
]);

async function needsOf(context: DetectContext, folder: string): Promise<Need[]> {
  const { inventory, native } = context;
  const because = announced(inventory, folder);
  const { modules, unread } = prerequisitesIn(inventory, folder);
  const installed = modules.filter(({ module }) => !withPerl.has(module));
  const snapshot = fileIn(inventory, folder, 'cpanfile.snapshot');
  const isDistZilla = fileIn(inventory, folder, 'dist.ini') !== null;
  const manager =
    snapshot !== null ? 'carton' : installed.length > 0 || isDistZilla || unread.length > 0 ? 'cpanm' : null;
  const requests = await perlRequests(inventory, folder, modules);
  const below = folder === '.' ? 0 : folder.length + 1;
  const layout: PerlLayout = {
    manager,
    has: (path) => inventory.files.has(join(folder, path)),
    paths: pathsBelow(inventory, folder).map((path) => path.slice(below)),
    modules: new Set(modules.map(({ module }) => module)),
  };
  const { commands, ports } = perlCommands(layout);
  const xs = layout.paths.find((path) => path.endsWith('.xs'));
  const [first] = installed;
  const compiled =
    xs !== undefined
      ? presence(join(folder, xs), 'perl/xs')
      : first === undefined
        ? null
        : evidence(first.file, first.line, 'perl/module');
  const seen = new Set<string>();
  return [
    { kind: 'toolchain', id: 'perl', project: folder, requests, because },
    ...(manager === null
      ? []
      : [
          {
            kind: 'package-manager' as const,
            id: manager,
            project: folder,
            // They install for the perl that they run on: the same is asked of them.
            requests,
            lockfile: snapshot?.path ?? null,
            because: snapshot === null ? because : [presence(snapshot.path, 'perl/snapshot')],
          },
        ]),
    {
      kind: 'project',
      path: folder,
      name: null,
      languages: ['perl'],
      frameworks: frameworksOf(layout).map(({ id }) => id),
      packageManager: manager,
      commands,
      ports,
      because,
    },
    ...installed
      .filter(({ module }) => native.cpan.has(module) && !seen.has(module) && seen.add(module) !== undefined)
      .map(({ module, file, line }): Need => {
        const place = evidence(file, line, 'perl/module');
        return {
          kind: 'dependency',
          ecosystem: 'cpan',
          name: module,
          version: null,
          project: folder,
          because: [place],
        };
      }),
    // Modules come as sources, many with C.
    ...(compiled === null ? [] : [{ kind: 'compiler' as const, project: folder, because: [compiled] }]),
    ...unread
      .slice(0, 5)
      .map(({ file, line }) =>
        findingNeed(
          'dependency-unreadable',
          'info',
          `${file.path}:${line} names a module by a variable, which is not read`,
          'If it needs a library, add it with "libraries" in nidify.jsonc.',
          [evidence(file, line, 'perl/module')],
        ),
      ),
  ];
}

const foreign =
  /\.(py|js|ts|tsx|go|rs|java|kt|c|cc|cpp|jl|R|lua|rb|php|cs|scala|hs|ex|swift|pro|tex)$|(^|\/)(package\.json|go\.mod|Cargo\.toml|pom\.xml|Gemfile|composer\.json|CMakeLists\.txt)$/;

/** Programs at the root that say they are Perl's (Prolog's have the same ending), where nothing else stands. */
async function withoutManifest({ inventory }: DetectContext): Promise<Need[]> {
  const psgi = inventory.files.get('app.psgi');
  const script = [...inventory.files.values()].find(
    ({ path, text }) =>
      /^[^/]+\.pl$/.test(path) &&
      /^#!.*\bperl|^\s*use\s+(strict|warnings|v?5|[A-Z]\w+)/m.test((text ?? '').slice(0, 4000)),
  );
  const first = psgi ?? script;
  if (first === undefined || inventory.paths.some((path) => foreign.test(path))) return [];
  const because = [presence(first.path, 'perl/script')];
  const layout: PerlLayout = {
    manager: null,
    has: (path) => inventory.files.has(path),
    paths: inventory.paths,
    modules: new Set(),
  };
  const { commands, ports } = perlCommands(layout);
  return [
    {
      kind: 'toolchain',
      id: 'perl',
      project: '.',
      requests: await perlRequests(inventory, '.', []),
      because,
    },
    {
      kind: 'project',
      path: '.',
      name: null,
      languages: ['perl'],
      frameworks: [],
      packageManager: null,
      commands,
      ports,
      because,
    },
  ];
}
