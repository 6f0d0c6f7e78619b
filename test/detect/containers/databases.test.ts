import { describe, expect, test } from 'vitest';
import { addressedServices } from '../../../src/detect/containers/addresses.ts';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { driverServices } from '../../../src/detect/containers/drivers.ts';
import { contextOf, inventoryOf } from '../../support/inventory.ts';

const services = async (files: Record<string, string>) =>
  (await detectContainers(contextOf(files))).flatMap((need) => (need.kind === 'service' ? [need] : []));

const manifest = (dependencies: Record<string, string>, devDependencies = {}) =>
  JSON.stringify({ dependencies, devDependencies });

describe('addresses in examples of variables', () => {
  test.each([
    [
      'DATABASE_URL=postgresql://shop@localhost:5433/shop_dev',
      { id: 'postgresql', port: 5433, user: 'shop', database: 'shop_dev' },
    ],
    [
      'DATABASE_URL="postgres://postgres:postgres@db/app?schema=public"',
      { id: 'postgresql', port: null, user: 'postgres', database: 'app' },
    ],
    ['SQLALCHEMY_URL=postgresql+asyncpg://a@127.0.0.1/b', { id: 'postgresql', user: 'a', database: 'b' }],
    ['export CACHE=redis://localhost:6380/0', { id: 'redis', port: 6380 }],
    ['QUEUE=amqp://guest:guest@rabbit:5672/', { id: 'rabbitmq', port: 5672 }],
    ['MONGO=mongodb://localhost/shop', { id: 'mongodb', port: null, database: 'shop' }],
    [
      'DB_CONNECTION=pgsql\nDB_PORT=5433\nDB_DATABASE=laravel\nDB_USERNAME=sail\nDB_PASSWORD=pw',
      { id: 'postgresql', port: 5433, user: 'sail', database: 'laravel' },
    ],
  ])('%s', (text, expected) => {
    const [found, ...others] = addressedServices(inventoryOf({ '.env.example': text }));
    expect(found).toMatchObject(expected);
    expect(others).toEqual([]);
    expect(JSON.stringify(found)).not.toMatch(/postgres:postgres|guest:guest|pw/);
  });

  test.each([
    'DATABASE_URL=postgresql://user@db.example.com/prod',
    'API=https://localhost:3000',
    'DATABASE_URL=sqlite://./file.db',
    'DB_CONNECTION=sqlite',
    '# DATABASE_URL=postgresql://localhost/x',
    'DATABASE_URL=',
  ])('%s names no server of the project', (text) => {
    expect(addressedServices(inventoryOf({ '.env.example': text }))).toEqual([]);
  });

  test('are read in time that grows with the text', () => {
    const start = performance.now();
    addressedServices(
      inventoryOf({ '.env.example': `A=${'a://'.repeat(200_000)}\n${'B=postgres://x:y@'.repeat(50_000)}` }),
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('dependencies', () => {
  const found = async (files: Record<string, string>) =>
    (await driverServices(inventoryOf(files))).map(({ id, isGuess }) => ({ id, isGuess }));

  test.each([
    [{ 'package.json': manifest({ sequelize: '6', pg: '8' }) }, 'postgresql'],
    [{ 'package.json': manifest({ knex: '3', mysql2: '3' }) }, 'mysql'],
    [{ 'package.json': manifest({ bullmq: '5' }) }, 'redis'],
    [{ 'package.json': manifest({ mongoose: '8' }) }, 'mongodb'],
    [{ 'requirements.txt': 'SQLAlchemy==2.0\npsycopg2-binary>=2\n' }, 'postgresql'],
    [
      {
        'go.mod':
          'module a\n\ngo 1.22\n\nrequire (\n\tgorm.io/gorm v1.25.0\n\tgorm.io/driver/postgres v1.5.0\n)\n',
      },
      'postgresql',
    ],
    [{ Gemfile: "gem 'rails', '~> 7.1'\ngem 'pg'\n" }, 'postgresql'],
  ])('%j: %s', async (files, id) => {
    expect(await found(files)).toEqual([{ id, isGuess: true }]);
  });

  test.each([
    [{ 'package.json': manifest({ pg: '8' }) }],
    [{ 'package.json': manifest({ sequelize: '6' }, { pg: '8' }) }],
    [{ 'package.json': manifest({ typeorm: '0.3', pg: '8', mysql2: '3' }) }],
    [{ 'requirements.txt': 'psycopg[c]>=3\n' }],
    [{ 'examples/a/package.json': manifest({ sequelize: '6', pg: '8' }) }],
  ])('%j: none that is certain', async (files) => {
    expect(await found(files)).toEqual([]);
  });
});

describe('one service', () => {
  test('has the version of Compose, the account of the example, and all evidence; it is no guess', async () => {
    const [postgresql, ...others] = await services({
      'compose.yml': 'services:\n  db:\n    image: postgres:16\n',
      '.env.example': 'DATABASE_URL=postgres://shop@localhost/shop_dev\n',
      'package.json': manifest({ sequelize: '6', pg: '8' }),
    });
    expect(others).toEqual([]);
    expect(postgresql).toMatchObject({
      id: 'postgresql',
      version: '16',
      user: 'shop',
      database: 'shop_dev',
      isGuess: false,
    });
    expect(postgresql?.because.map(({ file }) => file)).toEqual([
      'compose.yml',
      '.env.example',
      'package.json',
    ]);
  });

  test('has the account that Compose gives its image, never the password', async () => {
    const found = await services({
      'compose.yml':
        'services:\n  a:\n    image: postgres\n    environment:\n      - POSTGRES_USER=shop\n      - POSTGRES_PASSWORD=hunter2\n      - "POSTGRES_DB=${NAME:-dev}"\n  b:\n    image: mysql:8\n    environment: { MYSQL_DATABASE: app, MYSQL_ROOT_PASSWORD: hunter2 }\n',
    });
    expect(found).toMatchObject([
      { id: 'postgresql', user: 'shop', database: 'dev' },
      { id: 'mysql', version: '8', database: 'app' },
    ]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test('is what the migrations of Prisma were made for', async () => {
    expect(
      await services({ 'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n' }),
    ).toMatchObject([{ id: 'postgresql', port: 5432 }]);
  });
});
