/** Databases of Prisma schemas: https://www.prisma.io/docs/orm/reference/prisma-schema-reference#datasource */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf, isSideFolder, nameOf } from '../shared/tree.ts';
import type { ServiceNeed } from '../types.ts';
import { migrationLock } from './claims.ts';

/** Providers that are servers; sqlite is none. */
const servers: Readonly<Record<string, { id: string; port: number }>> = {
  postgresql: { id: 'postgresql', port: 5432 },
  postgres: { id: 'postgresql', port: 5432 },
  mysql: { id: 'mysql', port: 3306 },
  mongodb: { id: 'mongodb', port: 27017 },
  cockroachdb: { id: 'cockroachdb', port: 26257 },
  sqlserver: { id: 'sqlserver', port: 1433 },
};

/** The services that the data sources of all schemas name. */
export function prismaServices({ files }: Inventory): ServiceNeed[] {
  return [...files.values()].flatMap((file) => {
    if (isSideFolder(folderOf(file.path))) return [];
    const provider = file.path.endsWith('.prisma') ? providerOf(file) : lockedProvider(file);
    const server =
      provider === null || !Object.hasOwn(servers, provider.name) ? undefined : servers[provider.name];
    if (provider === null || server === undefined) return [];
    const because = [evidence(file, provider.line, 'containers/prisma')];
    return [{ kind: 'service', ...server, version: null, because }];
  });
}

/** What the migrations were made for: https://www.prisma.io/docs/orm/prisma-migrate/understanding-prisma-migrate/migration-histories */
function lockedProvider(file: ClaimedFile): { name: string; line: number } | null {
  if (nameOf(file.path) !== migrationLock) return null;
  for (const [at, line] of (file.text ?? '').split('\n').entries()) {
    const name = /^\s*provider\s*=\s*"(?<name>\w+)"/.exec(line.slice(0, 500))?.groups?.name;
    if (name !== undefined) return { name, line: at + 1 };
  }
  return null;
}

/** `provider` of the block `datasource`: a generator has one too. */
function providerOf(file: ClaimedFile): { name: string; line: number } | null {
  let inSource = false;
  for (const [at, line] of (file.text ?? '').split('\n').entries()) {
    if (/^\s*datasource\s/.test(line)) inSource = true;
    else if (/^\s*\}/.test(line)) inSource = false;
    if (!inSource) continue;
    const name = /(?:^|\{)\s*provider\s*=\s*"(?<name>\w+)"/.exec(line.slice(0, 500))?.groups?.name;
    if (name !== undefined) return { name, line: at + 1 };
  }
  return null;
}
