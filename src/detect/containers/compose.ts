/** Compose files: https://docs.docker.com/reference/compose-file/ */
import type { ParsedDocument } from '../../parse/document.ts';
import { entriesAt, isRecord, stringAt, valueAt } from '../../parse/value.ts';
import type { Evidence } from '../../plan/schema.ts';
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { evidence } from '../evidence.ts';
import { parseYamlFile } from '../shared/parsed.ts';
import { hasPath, pathsBelow } from '../shared/paths.ts';
import { resolvePath } from '../shared/resolve.ts';
import { filesNamed, folderOf, isSideFolder, join, nameOf } from '../shared/tree.ts';
import type { ServiceNeed } from '../types.ts';
import { composeNames } from './claims.ts';
import { parseImage, serviceOf, withDefaults } from './services.ts';

export interface ComposeFile {
  file: ClaimedFile;
  document: ParsedDocument;
}

/** Compose files for development, in Compose's order; those of examples and of deployments left out. */
export async function composeFiles(inventory: Inventory): Promise<ComposeFile[]> {
  const found: ComposeFile[] = [];
  const files = filesNamed({ inventory }, composeNames).filter(({ path }) => !isElsewhere(folderOf(path)));
  const order = ({ path }: ClaimedFile) => composeNames.indexOf(nameOf(path)) + 1000 * path.split('/').length;
  for (const file of files.sort((a, b) => order(a) - order(b))) {
    const document = await parseYamlFile(file);
    if (document !== null) found.push({ file, document });
  }
  return found;
}

function isElsewhere(folder: string): boolean {
  return (
    isSideFolder(folder) ||
    /(^|\/)(deploy(ment)?|prod(uction)?|staging|release|k8s|ansible)(\/|$)/i.test(folder)
  );
}

/** The services that the images of known ones give, in the order of the files. */
export function composeServices(files: readonly ComposeFile[]): ServiceNeed[] {
  return files.flatMap(({ file, document }) =>
    entriesAt(document.value, ['services']).flatMap(([name, entry]): ServiceNeed[] => {
      const text = stringAt(entry, ['image']);
      const because = () =>
        evidence(file, document.line(['services', name, 'image']), 'containers/compose-service');
      return serviceFrom(text, entry, because);
    }),
  );
}

/**
 * The service that an image gives, at the port that it is published by; none for an image that is not known.
 *
 * @param entry what is said of it in the form of Compose, which workflows have too
 * @param because asked for only where there is one: a line costs a second parse
 */
export function serviceFrom(image: string | null, entry: unknown, because: () => Evidence): ServiceNeed[] {
  const parsed = image === null ? null : parseImage(image);
  const found = parsed === null ? null : serviceOf(parsed);
  if (found === null) return [];
  const { id, port } = found.service;
  return [
    {
      kind: 'service',
      id,
      version: found.version,
      port: publishedPort(entry, port) ?? port,
      ...accountOf(entry),
      because: [because()],
    },
  ];
}

/** Variables by which images are told whom and what to make; passwords are not looked at. */
const accounts = {
  user: ['POSTGRES_USER', 'POSTGRESQL_USERNAME', 'MYSQL_USER', 'MARIADB_USER'],
  database: [
    'POSTGRES_DB',
    'POSTGRESQL_DATABASE',
    'MYSQL_DATABASE',
    'MARIADB_DATABASE',
    'MONGO_INITDB_DATABASE',
  ],
};

/** The account and the database of the application; `environment` of Compose is `env` in a workflow. */
function accountOf(entry: unknown): Pick<ServiceNeed, 'user' | 'database'> {
  const given = valueAt(entry, ['environment']) ?? valueAt(entry, ['env']);
  const text = (name: string): string | undefined => {
    const value = Array.isArray(given)
      ? given.find((each): each is string => typeof each === 'string' && each.startsWith(`${name}=`))
      : valueAt(given, [name]);
    if (typeof value !== 'string') return undefined;
    return withDefaults(Array.isArray(given) ? value.slice(name.length + 1) : value) || undefined;
  };
  const first = (names: readonly string[]) => names.map(text).find((each) => each !== undefined);
  const [user, database] = [first(accounts.user), first(accounts.database)];
  return {
    ...(user === undefined ? {} : { user }),
    ...(database === undefined ? {} : { database }),
  };
}

/** The host's port that leads to a container's port; null where none is published. */
function publishedPort(service: unknown, target: number): number | null {
  const ports = valueAt(service, ['ports']);
  for (const entry of Array.isArray(ports) ? ports : []) {
    const { published, inside } = isRecord(entry)
      ? { published: String(entry.published ?? ''), inside: String(entry.target ?? '') }
      : shortPort(String(entry));
    if (withDefaults(inside) !== String(target)) continue;
    const port = Number(withDefaults(published));
    if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  }
  return null;
}

/** `127.0.0.1:5433:5432/tcp` → 5433, 5432. */
function shortPort(text: string): { published: string; inside: string } {
  const parts = withDefaults(text)
    .replace(/\/(tcp|udp)$/, '')
    .split(':');
  return { published: parts.at(-2) ?? '', inside: parts.at(-1) ?? '' };
}

/** For each the whole repository is looked through. */
const maxServices = 500;

/**
 * A service that others depend on and that only a build of its own gives: a folder of the repository with a
 * Dockerfile but without a project in it. The application's own image is none: that is how it is deployed.
 */
export function builtService(inventory: Inventory, { file, document }: ComposeFile) {
  const services = entriesAt(document.value, ['services']).slice(0, maxServices);
  const wanted = new Set(services.flatMap(([, service]) => dependencies(service)));
  for (const [name, service] of services) {
    if (!wanted.has(name)) continue;
    const build = valueAt(service, ['build']);
    const context = typeof build === 'string' ? build : stringAt(build, ['context']);
    const folder = context === null ? null : resolvePath(folderOf(file.path), context);
    if (folder === null || folder === '.' || folder === folderOf(file.path)) continue;
    if (isInfrastructure(inventory, folder)) {
      return evidence(file, document.line(['services', name, 'build']), 'containers/compose-build');
    }
  }
  return null;
}

function dependencies(service: unknown): string[] {
  const value = valueAt(service, ['depends_on']);
  if (isRecord(value)) return Object.keys(value);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

const manifests =
  /(^|\/)(package\.json|pyproject\.toml|requirements\.txt|setup\.py|go\.mod|Cargo\.toml|Gemfile|composer\.json|pom\.xml|build\.gradle(\.kts)?|mix\.exs|deno\.jsonc?|[^/]+\.csproj)$/;

function isInfrastructure(inventory: Inventory, folder: string): boolean {
  const inside = pathsBelow(inventory, folder);
  return hasPath(inventory, join(folder, 'Dockerfile')) && !inside.some((path) => manifests.test(path));
}
