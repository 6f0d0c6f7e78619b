/** Services by the addresses in examples of the application's variables. Passwords are left where they are. */
import type { ClaimedFile, Inventory } from '../../scan/types.ts';
import { folderOf, isSideFolder } from '../shared/tree.ts';
import { isVariableFile } from '../shared/variable-files.ts';
import type { ServiceNeed } from '../types.ts';

/** By the scheme of a URL, without what frameworks put behind it (`postgresql+asyncpg`). */
const schemes: Readonly<Record<string, string>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  postgis: 'postgresql',
  ecto: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mariadb',
  mongodb: 'mongodb',
  redis: 'redis',
  amqp: 'rabbitmq',
  nats: 'nats',
};

/** `DB_CONNECTION` and the like: https://laravel.com/docs/database#configuration, https://strapi.io */
const connections: Readonly<Record<string, string>> = {
  pgsql: 'postgresql',
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mariadb',
  mongodb: 'mongodb',
};

const url =
  /(?<scheme>[a-z][a-z0-9]{2,12})(?:\+[a-z0-9]{1,20})?:\/\/(?:(?<user>[A-Za-z0-9_.-]{1,63})?(?::[^@\s/]{0,200})?@)?(?<host>[A-Za-z0-9_.-]{1,253})(?::(?<port>\d{1,5}))?(?:\/(?<path>[A-Za-z0-9_-]{0,63}))?/;
const setting = /^\s*(?:export\s+)?(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*["']?(?<value>[^"'\s#]*)/;

/** Hosts of this machine, or of a Compose file: another server is not the project's to start. */
const isOwnHost = (host: string) => /^(localhost|127\.0\.0\.1|0\.0\.0\.0|[A-Za-z][A-Za-z0-9_-]*)$/.test(host);

/** The services that the example files of a repository name. */
export function addressedServices({ files }: Inventory): ServiceNeed[] {
  return [...files.values()].flatMap((file) =>
    isVariableFile(file.path) && !isSideFolder(folderOf(file.path)) ? inExample(file) : [],
  );
}

function inExample(file: ClaimedFile): ServiceNeed[] {
  const lines = (file.text ?? '').split('\n').slice(0, 2000);
  const settings = lines.flatMap((line, at) => {
    const { name, value } = setting.exec(line.slice(0, 1000))?.groups ?? {};
    return name === undefined || value === undefined ? [] : [{ name, value, line: at + 1 }];
  });
  const settingOf = (name: string) => settings.find((each) => each.name === name)?.value || undefined;
  return settings.flatMap(({ name, value, line }): ServiceNeed[] => {
    const because = [{ file: file.path, line, text: `${name}=(not shown)`, rule: 'containers/address' }];
    if (/^(DB_CONNECTION|DATABASE_CLIENT)$/.test(name)) {
      const id = Object.hasOwn(connections, value) ? connections[value] : undefined;
      if (id === undefined) return [];
      const prefix = name === 'DB_CONNECTION' ? 'DB' : 'DATABASE';
      const first = (...names: string[]) =>
        names.map((each) => settingOf(`${prefix}_${each}`)).find((each) => each !== undefined);
      return [need(id, first('PORT'), first('USERNAME', 'USER'), first('DATABASE', 'NAME'), because)];
    }
    const { scheme = '', user, host = '', port, path } = url.exec(value)?.groups ?? {};
    const id = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
    if (id === undefined || !isOwnHost(host)) return [];
    const isDatabase = ['postgresql', 'mysql', 'mariadb', 'mongodb'].includes(id);
    return [need(id, port, isDatabase ? user : undefined, isDatabase ? path : undefined, because)];
  });
}

function need(
  id: string,
  port: string | undefined,
  user: string | undefined,
  database: string | undefined,
  because: ServiceNeed['because'],
): ServiceNeed {
  const number = Number(port ?? '');
  const isPort = Number.isInteger(number) && number > 0 && number < 65536;
  return {
    kind: 'service',
    id,
    version: null,
    port: isPort ? number : null,
    ...(user === undefined || user === '' ? {} : { user }),
    ...(database === undefined || database === '' ? {} : { database }),
    because,
  };
}
