/** Services by what is among the dependencies. A client alone says little: it may serve one of several back ends, or a script. */
import { append } from '../../append.ts';
import type { Inventory } from '../../scan/types.ts';
import { dependenciesOf } from '../dependencies/read.ts';
import type { Registry } from '../dependencies/types.ts';
import { evidence } from '../evidence.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import type { ServiceNeed } from '../types.ts';

type Libraries = Readonly<Record<string, Partial<Record<Registry, readonly string[]>>>>;

/** Clients of SQL databases, by the registry that they are of. */
const clients: Libraries = {
  postgresql: {
    npm: ['pg', 'pg-promise', 'postgres', 'pg-native'],
    pypi: ['psycopg', 'psycopg2', 'psycopg2-binary', 'psycopg-binary', 'asyncpg', 'pg8000'],
    go: [
      'github.com/lib/pq',
      'github.com/jackc/pgx/v4',
      'github.com/jackc/pgx/v5',
      'gorm.io/driver/postgres',
    ],
    crates: ['postgres', 'tokio-postgres'],
    rubygems: ['pg'],
    maven: ['org.postgresql:postgresql'],
    nuget: ['Npgsql', 'Npgsql.EntityFrameworkCore.PostgreSQL'],
    hex: ['postgrex'],
    hackage: ['persistent-postgresql', 'postgresql-simple'],
    packagist: ['ext-pdo_pgsql', 'ext-pgsql'],
  },
  mysql: {
    npm: ['mysql', 'mysql2'],
    pypi: ['mysqlclient', 'pymysql', 'aiomysql', 'mysql-connector-python'],
    go: ['github.com/go-sql-driver/mysql', 'gorm.io/driver/mysql'],
    crates: ['mysql', 'mysql_async'],
    rubygems: ['mysql2', 'trilogy'],
    maven: ['com.mysql:mysql-connector-j', 'mysql:mysql-connector-java'],
    nuget: ['MySql.Data', 'MySqlConnector', 'Pomelo.EntityFrameworkCore.MySql'],
    hex: ['myxql'],
    hackage: ['persistent-mysql'],
    packagist: ['ext-pdo_mysql', 'ext-mysqli'],
  },
  mariadb: { npm: ['mariadb'], pypi: ['mariadb'], maven: ['org.mariadb.jdbc:mariadb-java-client'] },
};

/** Libraries that are of no use without one certain server: queues, sessions, object mappers. */
const dependents: Libraries = {
  redis: {
    npm: ['bull', 'bullmq', 'bee-queue', 'connect-redis', '@bull-board/api'],
    pypi: ['django-redis', 'rq', 'arq', 'channels-redis'],
    rubygems: ['sidekiq', 'resque', 'redis-rails'],
    packagist: ['laravel/horizon'],
  },
  mongodb: {
    npm: ['mongoose', 'connect-mongo', '@nestjs/mongoose'],
    pypi: ['mongoengine', 'beanie', 'odmantic'],
    rubygems: ['mongoid'],
    packagist: ['mongodb/laravel-mongodb', 'doctrine/mongodb-odm'],
    maven: ['org.springframework.boot:spring-boot-starter-data-mongodb'],
  },
  rabbitmq: { maven: ['org.springframework.boot:spring-boot-starter-amqp'], hex: ['broadway_rabbitmq'] },
  kafka: {
    maven: ['org.springframework.kafka:spring-kafka'],
    rubygems: ['karafka'],
    hex: ['broadway_kafka'],
  },
};

/** Mappers and migrations of SQL databases: with one client beside them, that is the application's database. */
const mappers: Partial<Record<Registry, readonly string[]>> = {
  npm: ['sequelize', 'typeorm', 'knex', 'objection', 'drizzle-orm', 'kysely', '@mikro-orm/core', 'bookshelf'],
  pypi: ['sqlalchemy', 'alembic', 'sqlmodel', 'flask-sqlalchemy', 'tortoise-orm', 'peewee', 'django'],
  go: ['gorm.io/gorm', 'github.com/golang-migrate/migrate/v4', 'github.com/pressly/goose/v3', 'entgo.io/ent'],
  crates: ['diesel', 'sea-orm', 'refinery'],
  rubygems: ['rails', 'activerecord', 'sequel', 'rom-sql'],
  maven: [
    'org.springframework.boot:spring-boot-starter-data-jpa',
    'org.springframework.boot:spring-boot-starter-jdbc',
    'org.flywaydb:flyway-core',
    'org.hibernate:hibernate-core',
    'org.hibernate.orm:hibernate-core',
  ],
  nuget: [
    'Microsoft.EntityFrameworkCore',
    'Npgsql.EntityFrameworkCore.PostgreSQL',
    'Pomelo.EntityFrameworkCore.MySql',
  ],
  hex: ['ecto_sql'],
  hackage: ['persistent', 'esqueleto'],
  packagist: ['doctrine/orm', 'doctrine/doctrine-bundle'],
};

const ofClients = byName(clients);
const ofDependents = byName(dependents);
const mapperNames = new Set(
  Object.entries(mappers).flatMap(([registry, names]) => names.map((name) => keyOf(registry, name))),
);

function byName(table: Libraries): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([id, byRegistry]) =>
      Object.entries(byRegistry).flatMap(([registry, names]) =>
        names.map((name): [string, string] => [keyOf(registry, name), id]),
      ),
    ),
  );
}

function keyOf(registry: string, name: string): string {
  return `${registry}\0${name.toLowerCase()}`;
}

/** The last word of each name: whatever way a manifest writes the name, the word is in it. */
const words = new Set(
  [...ofClients.keys(), ...ofDependents.keys()].map(
    (key) => key.split(/[\0:/]/).findLast((part) => !/^v\d+$/.test(part)) ?? '',
  ),
);
const anyWord = new RegExp(
  [...words].map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
  'i',
);

/** The services that the manifests of the repository depend on, those of examples and tests left out. */
export async function driverServices({ files }: Inventory): Promise<ServiceNeed[]> {
  const found: ServiceNeed[] = [];
  for (const file of files.values()) {
    if (file.text === null || isSideFolder(folderOf(file.path)) || !anyWord.test(file.text)) continue;
    const declared = (await dependenciesOf(file)).filter(({ isDevelopment }) => !isDevelopment);
    const needed = (names: ReadonlyMap<string, string>) =>
      declared.flatMap((each): ServiceNeed[] => {
        const id = names.get(keyOf(each.registry, each.name));
        if (id === undefined) return [];
        const because = [evidence(file, each.line(), 'containers/client')];
        return [{ kind: 'service', id, version: null, port: null, isGuess: true, because }];
      });
    append(found, needed(ofDependents));
    const servers = needed(ofClients);
    const isMapped = declared.some(({ registry, name }) => mapperNames.has(keyOf(registry, name)));
    if (isMapped && new Set(servers.map(({ id }) => id)).size === 1) append(found, servers);
  }
  return found;
}
