/** The program `services` of a shell: starts and stops what the project talks to. docs/services.md says how. */
import kafka from '../../templates/services/kafka.hbs';
import mailpit from '../../templates/services/mailpit.hbs';
import mariadb from '../../templates/services/mariadb.hbs';
import meilisearch from '../../templates/services/meilisearch.hbs';
import memcached from '../../templates/services/memcached.hbs';
import minio from '../../templates/services/minio.hbs';
import mongodb from '../../templates/services/mongodb.hbs';
import mysql from '../../templates/services/mysql.hbs';
import nats from '../../templates/services/nats.hbs';
import opensearch from '../../templates/services/opensearch.hbs';
import postgresql from '../../templates/services/postgresql.hbs';
import script from '../../templates/services/program.hbs';
import rabbitmq from '../../templates/services/rabbitmq.hbs';
import redis from '../../templates/services/redis.hbs';
import valkey from '../../templates/services/valkey.hbs';
import specification from '../../templates/services.nix.hbs';
import type { Environment, Plan, Service } from '../plan/schema.ts';
import { named } from '../text/named.ts';
import { isPlainName } from '../text/plain-name.ts';
import { layout, type NixFragment, piece } from './fragment.ts';
import { origin, wrapped } from './header.ts';
import { call, lines, name, text } from './nix/expression.ts';
import { printComment, printInterpolation, printNix, printParameters, printStringText } from './nix/print.ts';
import { inconsistent, packageSet, reference } from './packages.ts';
import { sequence } from './text.ts';

const fill = layout('nix', specification);
const fillProgram = piece('nix', script);

interface Row {
  layout: TemplateSpecification;
  /** The administrator that the server begins with. */
  user?: string;
  /** The database that is there, or is made, where nothing names another. */
  database?: string;
}

const rows: Readonly<Record<string, Row>> = {
  postgresql: { layout: postgresql, user: 'postgres', database: 'postgres' },
  mysql: { layout: mysql, user: 'root', database: 'app' },
  mariadb: { layout: mariadb, user: 'root', database: 'app' },
  redis: { layout: redis },
  valkey: { layout: valkey },
  memcached: { layout: memcached },
  mongodb: { layout: mongodb, database: 'app' },
  rabbitmq: { layout: rabbitmq },
  kafka: { layout: kafka },
  opensearch: { layout: opensearch },
  meilisearch: { layout: meilisearch },
  minio: { layout: minio },
  mailpit: { layout: mailpit },
  nats: { layout: nats },
};

/** Ids of services that a shell can start. */
export const startableServices: readonly string[] = Object.keys(rows);

type Startable = Service & { package: NonNullable<Service['package']>; port: number };

/** What the shell of an environment starts: nothing, for most. */
export function servicesIn(environment: Environment, plan: Plan): Startable[] {
  return plan.services.filter(
    (each): each is Startable =>
      each.package !== undefined && each.port !== null && environment.packages.includes(each.package.key),
  );
}

/** `services.nix`: the program `services`, as a function of the packages that it names. */
export function servicesNix(environment: Environment, plan: Plan): string {
  const services = servicesIn(environment, plan);
  const base = packageSet(environment.base);
  const program = fillProgram({
    coreutils: printInterpolation(name(base, 'coreutils')),
    services: services.map((service) => ({
      name: printStringText(service.id),
      port: printStringText(String(service.port)),
      functions: functionsOf(service),
    })),
  });
  const what = sequence(
    services.map((each) => named(each.package)),
    8,
  );
  return fill({
    header: printComment([
      ...wrapped(
        `The program \`services\`, which starts and stops ${what} for the project, without containers.`,
      ),
      '',
      ...origin(plan),
    ]),
    parameters: printParameters(packageSets(environment, plan).map((each) => ({ name: each }))),
    program: printNix(call(name(base, 'writeShellScriptBin'), text('services'), lines([program]))),
  });
}

/** Variables of the layout whose packages it names. */
export function packageSets(environment: Environment, plan: Plan): string[] {
  const inputs = servicesIn(environment, plan).map((each) => each.package.input);
  return [...new Set([environment.base, ...inputs].map(packageSet))];
}

function functionsOf(service: Startable): NixFragment {
  const row = Object.hasOwn(rows, service.id) ? rows[service.id] : undefined;
  if (row === undefined)
    throw inconsistent(`it starts the service ${JSON.stringify(service.id)}, which is none`);
  const user = plain(service.user) ?? row.user;
  const database = plain(service.database) ?? row.database;
  return piece(
    'nix',
    row.layout,
  )({
    package: printInterpolation(reference(service.package)),
    ...(user === undefined ? {} : { user: printStringText(user) }),
    ...(database === undefined ? {} : { database: printStringText(database) }),
  });
}

/** The planner has looked at it; a plan may come from elsewhere. */
function plain(name: string | undefined): string | null {
  return name !== undefined && isPlainName(name) ? name : null;
}
