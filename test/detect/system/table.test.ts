import { expect, it, vi } from 'vitest';
import * as loading from '../../../src/catalogue/load.ts';
import { understood } from '../../support/understood.ts';

vi.mock('../../../src/catalogue/load.ts', { spy: true });

const loaded = () => vi.mocked(loading.loadCatalogue).mock.calls.flatMap(([ids]) => ids);

it('the table of packages is read only where one is named that needs something', async () => {
  const repository = { 'package.json': '{"name":"x"}', 'package-lock.json': '{"lockfileVersion":3}' };
  await understood({
    ...repository,
    Dockerfile:
      'FROM node:22\nRUN apt-get update && apt-get install -y curl git ca-certificates build-essential\n',
    'database/Dockerfile': 'FROM postgres:16\nRUN apt-get install -y ffmpeg\n',
  });
  expect(loaded()).toContain('node');
  expect(loaded()).not.toContain('apt');
  await understood({ ...repository, Dockerfile: 'FROM node:22\nRUN apt-get install -y ffmpeg\n' });
  expect(loaded()).toContain('apt');
});
