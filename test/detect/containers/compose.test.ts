import { describe, expect, it } from 'vitest';
import { containerClaims } from '../../../src/detect/containers/claims.ts';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { taskClaims } from '../../../src/detect/tasks/claims.ts';
import { fixtureContext } from '../../support/fixture.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

async function found(files: Record<string, string | null>) {
  const needs = await detectContainers(contextOf(files));
  return {
    services: needsOf(needs, 'service').map(({ id, version, port }) => ({ id, version, port })),
    nested: needsOf(needs, 'nested-container').map(({ container }) => container),
  };
}

const image = (name: string, ...more: string[]) =>
  ['services:', '  it:', `    image: ${name}`, ...more.map((line) => `    ${line}`)].join('\n');

describe('services of a compose file', () => {
  it.each([
    ['postgres:16-alpine', { id: 'postgresql', version: '16', port: 5432 }],
    ['docker.io/library/postgres:15.4', { id: 'postgresql', version: '15.4', port: 5432 }],
    ['postgis/postgis:16-3.4', { id: 'postgresql', version: '16', port: 5432 }],
    ['timescale/timescaledb:2.17.2-pg16', { id: 'postgresql', version: '16', port: 5432 }],
    ['pgvector/pgvector:pg17', { id: 'postgresql', version: '17', port: 5432 }],
    ['postgres', { id: 'postgresql', version: null, port: 5432 }],
    ['redis:alpine', { id: 'redis', version: null, port: 6379 }],
    ['redis:7.2@sha256:0123', { id: 'redis', version: '7.2', port: 6379 }],
    ["'mysql/mysql-server:8.0'", { id: 'mysql', version: '8.0', port: 3306 }],
    ['mariadb:11', { id: 'mariadb', version: '11', port: 3306 }],
    ['mongo:7', { id: 'mongodb', version: '7', port: 27017 }],
    ['rabbitmq:3-management', { id: 'rabbitmq', version: '3', port: 5672 }],
    [
      'docker.elastic.co/elasticsearch/elasticsearch:8.15.0',
      { id: 'elasticsearch', version: '8.15.0', port: 9200 },
    ],
    ['localhost:5000/postgres:14', { id: 'postgresql', version: '14', port: 5432 }],
    ['$' + '{REGISTRY:-docker.io}/postgres:$' + '{PG:-13}', { id: 'postgresql', version: '13', port: 5432 }],
  ])('%s is known', async (name, service) => {
    expect((await found({ 'compose.yaml': image(name) })).services).toEqual([service]);
  });

  it.each(['acme/shop:1', 'nginx:1.27', 'postgres-exporter:1', '""', '[]', '{a: b}', 'a b'])(
    '%s is not',
    async (name) => {
      expect((await found({ 'compose.yaml': image(name) })).services).toEqual([]);
    },
  );

  it.each([
    [["ports: ['5433:5432']"], 5433],
    [["ports: ['127.0.0.1:5433:5432/tcp']"], 5433],
    [["ports: ['$" + "{PORT:-5434}:5432']"], 5434],
    [['ports:', '- target: 5432', '  published: "5435"'], 5435],
    [["ports: ['8080:80']"], 5432],
    [["ports: ['5432']"], 5432],
    [['ports: 3'], 5432],
    [["ports: ['99999:5432', null]"], 5432],
  ])('are reached where %j says', async (lines, port) => {
    expect((await found({ 'compose.yaml': image('postgres:16', ...lines) })).services[0]?.port).toBe(port);
  });

  it('are each named once: the first file in the order of Compose decides', async () => {
    const files = {
      'docker-compose.test.yml': image('postgres:14'),
      'docker-compose.yml': image('postgres:16'),
      'compose.yaml': image('redis:7'),
    };
    expect((await found(files)).services).toEqual([
      { id: 'redis', version: '7', port: 6379 },
      { id: 'postgresql', version: '16', port: 5432 },
    ]);
  });

  it('are not those of deployments and examples', async () => {
    const files = {
      'deploy/compose.yaml': image('postgres:16'),
      'examples/a/compose.yaml': image('redis:7'),
    };
    expect((await found(files)).services).toEqual([]);
  });
});

describe('a compose file', () => {
  const compose = image('postgres:16');

  it('that nothing starts is no reason to run containers', async () => {
    expect((await found({ 'compose.yaml': compose, Dockerfile: null })).nested).toEqual([]);
  });

  it.each([
    ['package.json', '{"scripts": {"pretest": "docker compose up -d --wait"}}'],
    ['Makefile', 'test:\n\tdocker-compose -f docker-compose.test.yml run --rm tests\n'],
    ['Makefile', 'up:\n\t@$(DOCKER_COMPOSE) up -d\n'],
    ['justfile', 'up:\n  docker compose --profile dev up\n'],
    ['Taskfile.yml', 'tasks:\n  up:\n    cmds:\n      - docker compose up -d\n'],
  ])('that %s starts is one: %j', async (name, text) => {
    expect((await found({ 'compose.yaml': compose, [name]: text })).nested).toEqual(['compose']);
  });

  it.each([
    ['Makefile', 'down:\n\tdocker compose down\n\tdocker compose logs up\n'],
    ['Makefile', 'deploy:\n\tdocker compose up -d\n'],
    ['Makefile', 'run:\n\tdocker compose -f docker-compose.prod.yml up -d\n'],
    ['Makefile', 'remote:\n\tssh host docker compose up -d\n'],
    ['Makefile', 'image:\n\tdocker build -t app .\n'],
    ['Makefile', '# docker compose up\nx:\n\t# docker compose up\n'],
    ['package.json', '{"description": "docker compose up", "scripts": {"a": "echo docker-composed up"}}'],
    ['examples/Makefile', 'up:\n\tdocker compose up\n'],
  ])('is none by %s: %j', async (name, text) => {
    expect((await found({ 'compose.yaml': compose, [name]: text })).nested).toEqual([]);
  });

  it('that builds a service which the application depends on is one', async () => {
    const text =
      'services:\n  app:\n    build: .\n    depends_on: { db: {} }\n  db:\n    build: { context: ./docker/db }\n';
    const database = { 'docker/db/Dockerfile': null, 'docker/db/init.sql': null };
    expect((await found({ 'compose.yaml': text, ...database })).nested).toEqual(['compose']);
    expect(
      (await found({ 'compose.yaml': text, ...database, 'docker/db/package.json': '{}' })).nested,
    ).toEqual([]);
    expect(
      (await found({ 'compose.yaml': text.replace('depends_on', 'x-depends'), ...database })).nested,
    ).toEqual([]);
    expect((await found({ 'compose.yaml': text.replace('./docker/db', '../outside') })).nested).toEqual([]);
  });

  it('gives its services and the line that starts it', async () => {
    const needs = await detectContainers(
      await fixtureContext('container-compose', [containerClaims, taskClaims]),
    );
    expect(needsOf(needs, 'service').map(({ id, version, port }) => `${id} ${version} ${port}`)).toEqual([
      'postgresql 16 5433',
      'redis 7.2 6379',
    ]);
    expect(needsOf(needs, 'nested-container')).toMatchObject([
      {
        container: 'compose',
        network: { build: 'host', run: 'bridge' },
        because: [{ file: 'justfile', line: 3, text: '@docker compose up --detach db cache' }],
      },
    ]);
  });

  it('that is malformed or a bomb does no harm', async () => {
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x]',
      ...'bcdefghij'.split('').map((name, at) => {
        const before = 'abcdefghi'[at];
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`;
      }),
      'services: *j',
    ].join('\n');
    for (const text of [
      bomb,
      'services: [1, 2]',
      'services:\n  a: 1\n  b: [x]\n',
      '\t- :',
      '\0',
      'services: { a: { image: 1, build: 2, depends_on: 3 } }',
    ]) {
      expect(await found({ 'compose.yaml': text })).toEqual({ services: [], nested: [] });
    }
  });
});

it('hostile compose files and Dockerfiles take no more than their length', async () => {
  const start = performance.now();
  const variable = `$${'{'}${'a'.repeat(20_000)}-${'b'.repeat(20_000)}`;
  await found({ 'compose.yaml': image(`'${variable}'`, `ports: ['${variable}:5432']`) });
  await found({ 'compose.yaml': image(`"${'@sha256:'.repeat(40_000)}\\nx"`) });
  const services = Array.from(
    { length: 10_000 },
    (_, at) => `  s${at}: { build: ./f${at}, depends_on: [s${at + 1}] }`,
  );
  const folders = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`f${at}/x`, null]));
  await found({ 'compose.yaml': `services:\n${services.join('\n')}\n`, ...folders });
  await found({
    'wrangler.json': '{"containers": [{"class_name": "A", "image": "./Dockerfile"}]}',
    Dockerfile: 'FROM x AS x\n'.repeat(80_000),
  });
  expect(performance.now() - start).toBeLessThan(8000);
}, 600_000);
