/** What `explain` says of the lock: that it kept something, and what there would be without it. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { ecosystemIds, loadCatalogue } from '../../src/catalogue/load.ts';
import { keptPin, keptVersion } from '../../src/cli/explain/kept.ts';
import { explanations } from '../../src/cli/explain/subjects.ts';
import { lockOf } from '../../src/lock/make.ts';
import type { Lock } from '../../src/lock/types.ts';
import type { Plan } from '../../src/plan/schema.ts';
import { folderWith } from '../support/folder.ts';

const folder = () => folderWith({ 'package.json': '{ "name": "shop", "engines": { "node": ">=20" } }' });

async function plans(change: (lock: Lock) => Lock): Promise<{ plan: Plan; fresh: Plan }> {
  const directory = folder();
  const fresh = await analyze(directory, { locked: null });
  const locked = change(lockOf(fresh, []));
  return { plan: await analyze(directory, { locked }), fresh };
}

const keptIn = (plan: Plan, fresh: Plan | null) =>
  explanations(plan, { catalogue: null, fresh }).flatMap(({ kind, facts }) =>
    facts.filter(({ name }) => name === 'kept').map(({ text }) => [kind, text]),
  );

describe('the lock', () => {
  test('that keeps nothing back is not mentioned', async () => {
    const { plan, fresh } = await plans((lock) => lock);
    expect(keptIn(plan, fresh)).toEqual([]);
    expect(keptIn(plan, null)).toEqual([]);
  });

  test('keeps a version that still satisfies', async () => {
    const catalogue = await loadCatalogue(ecosystemIds);
    const old = catalogue.tool('node')?.lines.find(({ line }) => line === '22');
    const fact = old?.facts.find(({ channel }) => channel === catalogue.defaultChannel);
    if (fact === undefined) throw new Error('the catalogue has changed');
    const { plan, fresh } = await plans((lock) => ({
      ...lock,
      lines: lock.lines.map((line) =>
        line.id === 'node'
          ? {
              ...line,
              key: 'node-22',
              attribute: fact.attribute,
              version: fact.version,
              precision: fact.precision,
            }
          : line,
      ),
    }));
    const [now] = fresh.toolchains;
    expect(plan.toolchains[0]?.key).toBe('node-22');
    expect(now?.key).not.toBe('node-22');
    expect(keptIn(plan, fresh)).toContainEqual([
      'language',
      expect.stringContaining(`without it node ${now?.version} (${now?.attribute} of nixos-`),
    ]);
  });

  test('keeps a revision that is older, and says nothing of one that is newer', async () => {
    const other = (days: number) => (lock: Lock) => ({
      ...lock,
      pins: lock.pins.map((pin) => ({
        ...pin,
        rev: 'b'.repeat(40),
        lastModified: pin.lastModified + days * 86_400,
      })),
    });
    const older = await plans(other(-30));
    const [pin, now] = [older.plan.nixpkgs[0], older.fresh.nixpkgs[0]];
    if (pin === undefined || now === undefined) throw new Error('no pins');
    expect(keptPin(pin, older.fresh)).toContain(`without it ${now.rev.slice(0, 12)} of 20`);
    expect(keptIn(older.plan, older.fresh).map(([kind]) => kind)).toContain('pinned nixpkgs');
    const newer = await plans(other(30));
    expect(keptIn(newer.plan, newer.fresh)).toEqual([]);
  });

  test('keeps the version of a line whose revision is older', async () => {
    const { plan, fresh } = await plans((lock) => ({
      ...lock,
      pins: lock.pins.map((pin) => ({ ...pin, rev: 'b'.repeat(40), lastModified: pin.lastModified - 1 })),
      lines: lock.lines.map((line) =>
        line.id === 'node'
          ? { ...line, version: `${line.key.slice(5)}.0.1`, precision: 'exact' as const }
          : line,
      ),
    }));
    const [node] = plan.toolchains;
    if (node === undefined) throw new Error('no node');
    expect(node.version).toMatch(/\.0\.1$/);
    expect(keptVersion(node, plan, fresh)).toContain(`without it node ${fresh.toolchains[0]?.version} (`);
  });
});
