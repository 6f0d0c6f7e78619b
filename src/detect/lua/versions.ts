/** Which Lua a project asks for. */
import type { Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { fileIn, nearest } from '../shared/tree.ts';
import { versionFileRequests } from '../shared/version-files.ts';
import type { VersionRequest } from '../types.ts';
import type { Rockspec } from './rockspec.ts';

/** What a version manager chooses, what the rock allows, and last what luacheck takes for granted. */
export async function luaRequests(
  inventory: Inventory,
  folder: string,
  rock: Rockspec | null,
): Promise<VersionRequest[]> {
  const found = [
    ...ownFile(inventory, folder),
    ...(await versionFileRequests(inventory, folder, ['lua', 'luajit', 'luaJIT'])),
    ...(rock === null ? [] : fromRock(rock)),
  ];
  return found.length > 0 ? found : fromLuacheck(inventory, folder);
}

/** luaenv: `5.4.6`, `luajit-2.1.0-beta3` */
function ownFile(inventory: Inventory, folder: string): VersionRequest[] {
  const file = nearest(inventory, folder, ['.lua-version']);
  const { version } =
    /^\s*(?<version>(?:luajit[\w.-]{0,40})|5(?:\.\d{1,2}){0,2})\s*$/i.exec((file?.text ?? '').slice(0, 200))
      ?.groups ?? {};
  if (file === null || version === undefined) return [];
  const because = evidence(file, 1, 'lua/lua-version');
  return [
    /^\d/.test(version)
      ? { raw: version, scheme: 'prefix', because }
      : { raw: 'luajit', scheme: 'alias', because },
  ];
}

/** `lua >= 5.1, < 5.5`, `lua ~> 5.3`, `lua == 5.1`, `luajit >= 2.0` */
function fromRock({ file, dependencies }: Rockspec): VersionRequest[] {
  return dependencies.flatMap(({ name, constraint, line }): VersionRequest[] => {
    const because = evidence(file, line, 'lua/rockspec-lua');
    if (name === 'luajit') return [{ raw: 'luajit', scheme: 'alias', because }];
    if (name !== 'lua' || constraint === '') return [];
    const clauses = constraint.split(',').map((clause) => {
      return /^\s*(?<sign>~>|>=|<=|==|~=|>|<|=)?\s*(?<number>\d+(?:\.\d+){0,2})(?:-\d+)?\s*$/.exec(clause)
        ?.groups;
    });
    const parts = clauses.flatMap((groups) => {
      if (groups?.number === undefined) return [];
      const { sign = '==', number } = groups;
      if (sign === '~=') return [];
      // Both name a line: 5.1 is all of 5.1.
      return [sign === '==' || sign === '~>' || sign === '=' ? `~${number}` : `${sign}${number}`];
    });
    return parts.length === 0 || clauses.includes(undefined)
      ? []
      : [{ raw: parts.join(' '), scheme: 'semver', because }];
  });
}

/** https://luacheck.readthedocs.io/en/stable/config.html: the standard globals are those of one Lua. */
function fromLuacheck(inventory: Inventory, folder: string): VersionRequest[] {
  const file = fileIn(inventory, folder, '.luacheckrc');
  const lines = (file?.text ?? '').slice(0, 20_000).split('\n');
  const at = lines.findIndex((line) => /^\s*std\s*=/.test(line));
  const { std } = /^\s*std\s*=\s*["'](?<std>[\w+]{1,60})["']/.exec(lines[at] ?? '')?.groups ?? {};
  if (file === null || std === undefined) return [];
  const because = evidence(file, at + 1, 'lua/luacheck-std');
  if (/luajit|ngx_lua|love/.test(std)) return [{ raw: 'luajit', scheme: 'alias', because }];
  const { minor } = /lua5(?<minor>[1-4])/.exec(std)?.groups ?? {};
  return minor === undefined ? [] : [{ raw: `5.${minor}`, scheme: 'prefix', because }];
}
