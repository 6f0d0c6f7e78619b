import { describe, expect, it } from 'vitest';
import { detectContainers } from '../../../src/detect/containers/detect.ts';
import { contextOf } from '../../support/inventory.ts';
import { needsOf } from '../../support/needs.ts';

const schema = (provider: string) =>
  `generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n  provider = "${provider}"\n  url      = env("DATABASE_URL")\n}\n`;

async function services(files: Record<string, string>) {
  const needs = needsOf(await detectContainers(contextOf(files)), 'service');
  return needs.map(
    ({ id, version, port, because }) => `${id} ${version} ${port} ${because.map(({ line }) => line)}`,
  );
}

describe('a Prisma schema', () => {
  it.each([
    ['postgresql', ['postgresql null 5432 6']],
    ['mysql', ['mysql null 3306 6']],
    ['mongodb', ['mongodb null 27017 6']],
    ['sqlite', []],
    ['constructor', []],
  ])('of %s names its service', async (provider, expected) => {
    expect(await services({ 'prisma/schema.prisma': schema(provider) })).toEqual(expected);
  });

  it('may be on one line, and in any file', async () => {
    expect(await services({ 'db/main.prisma': 'datasource db { provider = "mysql"' })).toEqual([
      'mysql null 3306 1',
    ]);
  });

  it('and a compose file give one service: the compose file knows more', async () => {
    const files = {
      'prisma/schema.prisma': schema('postgresql'),
      'compose.yaml': "services:\n  db:\n    image: postgres:16\n    ports: ['5433:5432']\n",
    };
    expect(await services(files)).toEqual(['postgresql 16 5433 3,6']);
  });

  it('of an example is none of the project', async () => {
    expect(await services({ 'examples/a/schema.prisma': schema('mysql') })).toEqual([]);
  });
});
