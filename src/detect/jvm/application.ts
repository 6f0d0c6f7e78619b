/**
 * Ports and services of an application's configuration. It is read line by line: of YAML, HOCON and property files the
 * same few settings count, and a value that is computed or comes from the environment is none.
 */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import type { DeclaredDependency } from '../dependencies/types.ts';
import { evidence } from '../evidence.ts';
import { fileIn, join } from '../shared/tree.ts';
import type { ServiceNeed } from '../types.ts';

interface Database {
  id: string;
  port: number;
  /** Schemes of URLs. */
  url: RegExp;
}

/** By the scheme of JDBC, R2DBC and other addresses. */
const databases: readonly Database[] = [
  { id: 'postgresql', port: 5432, url: /\b(?:jdbc|r2dbc):(?:pool:)?postgres(?:ql)?:/ },
  { id: 'mysql', port: 3306, url: /\b(?:jdbc|r2dbc):(?:pool:)?mysql:/ },
  { id: 'mariadb', port: 3306, url: /\b(?:jdbc|r2dbc):(?:pool:)?mariadb:/ },
  { id: 'mongodb', port: 27017, url: /\bmongodb(?:\+srv)?:\/\// },
  { id: 'redis', port: 6379, url: /\brediss?:\/\// },
  { id: 'rabbitmq', port: 5672, url: /\bamqps?:\/\// },
];

/** Starters that connect as soon as the application runs: https://docs.spring.io/spring-boot/reference/data/nosql.html */
const starters: readonly (Omit<Database, 'url'> & { dependency: RegExp })[] = [
  {
    id: 'redis',
    port: 6379,
    dependency: /^org\.springframework\.boot:spring-boot-starter-data-redis(-reactive)?$/,
  },
  {
    id: 'mongodb',
    port: 27017,
    dependency: /^org\.springframework\.boot:spring-boot-starter-data-mongodb(-reactive)?$/,
  },
  { id: 'rabbitmq', port: 5672, dependency: /^org\.springframework\.boot:spring-boot-starter-amqp$/ },
  {
    id: 'elasticsearch',
    port: 9200,
    dependency: /^org\.springframework\.boot:spring-boot-starter-data-elasticsearch$/,
  },
  { id: 'kafka', port: 9092, dependency: /^org\.springframework\.kafka:spring-kafka$/ },
];

const folders = ['src/main/resources', 'config', 'conf', 'resources'];
const names = ['application.properties', 'application.yml', 'application.yaml', 'application.conf'];
const maxLines = 5000;

/** What the configuration of the project in a folder says. */
export function applicationOf(
  inventory: Inventory,
  folder: string,
  dependencies: readonly (DeclaredDependency & { file: ClaimedFile })[],
): { ports: number[]; services: ServiceNeed[] } {
  const ports: number[] = [];
  const services: ServiceNeed[] = [];
  for (const each of folders) {
    for (const name of names) {
      const file = fileIn(inventory, join(folder, each), name);
      if (file?.text != null) readConfiguration(file, ports, services);
    }
  }
  for (const { id, port, dependency } of starters) {
    const found = dependencies.find((each) => !each.isDevelopment && dependency.test(each.name));
    if (found === undefined || services.some((each) => each.id === id)) continue;
    const because = [evidence(found.file, found.line(), 'java/starter')];
    services.push({ kind: 'service', id, version: null, port, because });
  }
  return { ports, services };
}

function readConfiguration(file: ClaimedFile, ports: number[], services: ServiceNeed[]): void {
  const parents: { indent: number; key: string }[] = [];
  for (const [at, whole] of (file.text ?? '').split('\n', maxLines).entries()) {
    const line = whole.slice(0, 1000);
    if (/^\s*(#|\/\/|!|$)/.test(line)) continue;
    const database = databases.find(({ url }) => url.test(line));
    if (database !== undefined && !services.some(({ id }) => id === database.id)) {
      const because = [evidence(file, at + 1, 'java/application')];
      services.push({
        kind: 'service',
        id: database.id,
        version: null,
        port: portOf(line) ?? database.port,
        because,
      });
    }
    const port = settingOf(line, parents);
    if (port !== null && !ports.includes(port)) ports.push(port);
  }
}

/** The port that a line sets for the server itself, by its key with those above it. */
function settingOf(line: string, parents: { indent: number; key: string }[]): number | null {
  const {
    space = '',
    key,
    value = '',
  } = /^(?<space>\s*)"?(?<key>[\w.%-]{1,80})"?\s{0,20}(?:[:=]|(?=\{))\s{0,20}(?<value>.*)$/.exec(line)
    ?.groups ?? {};
  if (key === undefined) return null;
  while ((parents.at(-1)?.indent ?? -1) >= space.length) parents.pop();
  const path = [...parents.map((each) => each.key), key].join('.');
  if (value.trim() === '' || value.startsWith('{')) parents.push({ indent: space.length, key });
  const isOwn =
    /^(%\w+\.)?(server\.port|quarkus\.http\.port|micronaut\.server\.port|ktor\.deployment\.port)$/.test(path);
  const port = /^["']?(?:\$\{\w{1,60}:)?(?<port>\d{2,5})\}?["']?\s*(#.*)?$/.exec(value)?.groups?.port;
  if (!isOwn || path.startsWith('%') || port === undefined) return null;
  return Number(port) < 65_536 ? Number(port) : null;
}

function portOf(line: string): number | null {
  const port = /\/\/(?:[^\s/@]{0,200}@)?[\w.-]{1,200}:(?<port>\d{2,5})\b/.exec(line)?.groups?.port;
  return port === undefined || Number(port) > 65_535 ? null : Number(port);
}
