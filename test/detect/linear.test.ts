/**
 * Analysing a repository of many projects takes work that grows with their number. It is counted, not timed: a place
 * of the source code that runs sixteen times as often for four times the projects is one that asks each of them about
 * all others.
 */
import { expect, test } from 'vitest';
import { detectors } from '../../src/detect/registry.ts';
import { manyProjects } from '../support/many-projects.ts';
import { planOfFiles } from '../support/repository.ts';
import { grownBeyond, type Work, workOf } from '../support/work.ts';

const size = 32;
/** Sorting and looking up by halving take a little more than four times. */
const most = 6.5;
/** What runs less often is none of the time. */
const least = 30 * size;

const workFor = (make: (count: number) => Record<string, string>, count: number): Promise<Work> => {
  const files = make(count);
  return workOf(() => planOfFiles(files));
};

test('there are such repositories of every ecosystem', () => {
  const kinds = Object.keys(manyProjects).map((name) => name.split(' ')[0]);
  expect(detectors.map(({ id }) => id).filter((id) => !kinds.includes(id))).toEqual([]);
});

test.each(Object.keys(manyProjects))('%s: four times the projects, four times the work', async (name) => {
  const make = manyProjects[name];
  if (make === undefined) throw new Error(name);
  // Functions are counted from their second use on.
  await planOfFiles(make(2));
  const small = await workFor(make, size);
  const large = await workFor(make, 4 * size);
  expect(grownBeyond(small, large, most, least)).toEqual([]);
});
