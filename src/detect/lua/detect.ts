/** Lua: from what was scanned to needs. See docs/ecosystems/lua.md. */
import { addTo } from '../../grouped.ts';
import type { Commands, Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence, presence } from '../evidence.ts';
import { findingNeed } from '../shared/finding.ts';
import { pathsBelow } from '../shared/paths.ts';
import { isPlainPath } from '../shared/shell.ts';
import { fileIn, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { Detect, DetectContext, Need } from '../types.ts';
import { chosenOf, type RockDependency, type Rockspec, readRockspec } from './rockspec.ts';
import { luaRequests } from './versions.ts';

/** Every folder with a rockspec; without any, a program at the root, or sources with a version file or luacheck's. */
export const detectLua: Detect = async (context) => {
  const rocks = rocksIn(context.inventory);
  const main = [...rocks].filter(([folder]) => !isSideFolder(folder));
  const needs: Need[] = [];
  for (const [folder, file] of main) {
    needs.push(
      ...(await needsOf(context, folder, readRockspec(file), [presence(file.path, 'lua/rockspec')])),
    );
  }
  if (main.length > 0) return needs;
  const because = programOf(context.inventory);
  return because === null ? [] : needsOf(context, '.', null, [because]);
};

/** The rockspec of each folder; those in a folder of their own are its parent's. */
function rocksIn({ files }: Inventory): Map<string, ClaimedFile> {
  const all = new Map<string, ClaimedFile[]>();
  for (const file of files.values()) {
    if (!file.path.endsWith('.rockspec') || /(^|\/)(lua_modules|\.luarocks|node_modules)\//.test(file.path))
      continue;
    const folder = folderOf(file.path);
    const owner = /^rockspecs?$/.test(nameOf(folder)) ? folderOf(folder) : folder;
    addTo(all, owner, file);
  }
  const chosen = [...all].flatMap(([folder, found]): [string, ClaimedFile][] => {
    const file = chosenOf(found);
    return file === null ? [] : [[folder, file]];
  });
  return new Map(chosen.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const foreign =
  /\.(py|js|ts|tsx|go|rs|java|kt|jl|R|pl|rb|php|cs|scala|hs|ex|swift)$|(^|\/)(package\.json|go\.mod|Cargo\.toml|pom\.xml|Gemfile|composer\.json|CMakeLists\.txt|meson\.build)$/;

/** What says that a repository without rocks is Lua's; null where something else stands there too. */
function programOf({ files, paths }: Inventory): Evidence | null {
  if (paths.some((path) => foreign.test(path)) || !paths.some((path) => path.endsWith('.lua'))) return null;
  const name = ['main.lua', '.lua-version', '.luacheckrc', '.busted'].find((each) => files.has(each));
  return name === undefined ? null : presence(name, 'lua/program');
}

async function needsOf(
  { inventory, native }: DetectContext,
  folder: string,
  rock: Rockspec | null,
  because: Evidence[],
): Promise<Need[]> {
  const requests = await luaRequests(inventory, folder, rock);
  const installed = (rock?.dependencies ?? []).filter(({ name }) => name !== 'lua' && name !== 'luajit');
  const lock = fileIn(inventory, folder, 'luarocks.lock');
  const isLove =
    rock === null && ['main.lua', 'conf.lua'].every((name) => inventory.files.has(join(folder, name)));
  const frameworks = [
    ...(isLove ? ['love'] : []),
    ...['lapis', 'sailor'].filter((name) => installed.some((each) => each.name === name)),
  ];
  const seen = new Set<string>();
  const love: Need[] = isLove ? [{ kind: 'tool', id: 'love', project: folder, because }] : [];
  return [
    { kind: 'toolchain', id: 'lua', project: folder, requests, because },
    ...(rock === null
      ? []
      : [
          {
            kind: 'package-manager' as const,
            id: 'luarocks',
            project: folder,
            // It installs for the Lua that it runs on: the same is asked of it.
            requests,
            lockfile: lock?.path ?? null,
            because: lock === null ? because : [presence(lock.path, 'lua/luarocks-lock')],
          },
        ]),
    {
      kind: 'project',
      path: folder,
      name: rock?.name ?? null,
      languages: ['lua'],
      frameworks,
      packageManager: rock === null ? null : 'luarocks',
      commands: commandsOf(inventory, folder, rock, isLove),
      // https://leafo.net/lapis/reference/configuration.html
      ports: frameworks.includes('lapis') ? [8080] : [],
      because,
    },
    ...love,
    ...installed
      .filter(({ name }) => native.luarocks.has(name) && !seen.has(name) && seen.add(name) !== undefined)
      .map(({ name, line }): Need => {
        const place = rock === null ? because : [evidence(rock.file, line, 'lua/rockspec-dependency')];
        return {
          kind: 'dependency',
          ecosystem: 'luarocks',
          name,
          version: null,
          project: folder,
          because: place,
        };
      }),
    ...librariesOf(native.c, folder, rock),
    ...externalOf(rock),
    ...(rock?.isCompiled === true ? [{ kind: 'compiler' as const, project: folder, because }] : []),
  ];
}

function librariesOf(known: ReadonlySet<string>, project: string, rock: Rockspec | null): Need[] {
  const seen = new Set<string>();
  return (rock?.libraries ?? []).flatMap(({ name: library, line }): Need[] => {
    const name = `library:${library}`;
    if (rock === null || !known.has(name) || seen.has(name)) return [];
    seen.add(name);
    const because = [evidence(rock.file, line, 'lua/library')];
    return [{ kind: 'dependency', ecosystem: 'c', name, version: null, project, because }];
  });
}

/** https://github.com/luarocks/luarocks/wiki/Platform-agnostic-external-dependencies */
function externalOf(rock: Rockspec | null): Need[] {
  const [first] = rock?.external ?? [];
  if (rock === null || first === undefined) return [];
  return [
    findingNeed(
      'rock-external',
      'info',
      `${rock.file.path} has LuaRocks look for ${first.name} in folders of the system, where Nix has nothing`,
      `Tell it where it is: luarocks make … ${first.name}_DIR="$(pkg-config --variable=prefix NAME)".`,
      [evidence(rock.file, first.line, 'lua/external')],
    ),
  ];
}

function commandsOf(
  inventory: Inventory,
  folder: string,
  rock: Rockspec | null,
  isLove: boolean,
): Partial<Commands> {
  const has = (path: string) => inventory.files.has(join(folder, path));
  const declared = rock?.dependencies ?? [];
  const names = new Set(declared.map(({ name }) => name));
  const hasSpecs = pathsBelow(inventory, join(folder, 'spec')).some((path) => path.endsWith('_spec.lua'));
  const isBusted = has('.busted') || rock?.test === 'busted' || names.has('busted') || hasSpecs;
  const path =
    rock === null ? null : folder === '.' ? rock.file.path : rock.file.path.slice(folder.length + 1);
  const start = names.has('lapis')
    ? 'lapis server'
    : isLove
      ? 'love .'
      : has('main.lua')
        ? 'lua main.lua'
        : null;
  if (path === null || !isPlainPath(path)) {
    return { ...(isBusted ? { test: 'busted' } : {}), ...(start === null ? {} : { start }) };
  }
  const tests = testRocks(declared, path, isBusted, has('.busted') || rock?.test === 'busted');
  return {
    install: `luarocks install --tree lua_modules --only-deps ${path}${tests}`,
    build: `luarocks make --tree lua_modules ${path}`,
    ...(isBusted
      ? { test: 'busted' }
      : rock?.test == null
        ? {}
        : { test: `luarocks test --tree lua_modules ${path}` }),
    ...(start === null ? {} : { start }),
    ...(has('.luacheckrc') && names.has('luacheck') ? { lint: 'luacheck .' } : {}),
  };
}

/**
 * `--only-deps` installs what the rock needs to run. What its tests need comes with `luarocks test`, which finds
 * out that they are busted's from the rock or from `.busted`: https://github.com/luarocks/luarocks/wiki/test
 */
function testRocks(
  declared: readonly RockDependency[],
  path: string,
  isBusted: boolean,
  isKnown: boolean,
): string {
  if (!isBusted || declared.some(({ name, isTest }) => name === 'busted' && !isTest)) return '';
  return isKnown && declared.some(({ isTest }) => isTest)
    ? ` && luarocks test --tree lua_modules --prepare ${path}`
    : ' && luarocks install --tree lua_modules busted';
}
