import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { concerned } from '../../../src/detect/concerned.ts';
import { detectors } from '../../../src/detect/registry.ts';
import { unservedEcosystems } from '../../../src/detect/unserved/manifests.ts';
import { claimMatcher } from '../../../src/scan/claims.ts';
import { inventoryOf } from '../../support/inventory.ts';
import { understood } from '../../support/understood.ts';

const found = async (files: Record<string, string>) => {
  const { plan } = await understood(files);
  return plan.findings.filter(({ code }) => /not-served|manifest-unknown|nothing-found/.test(code));
};

describe('an ecosystem without support', () => {
  test('is named with its file, and with what may be added for it', async () => {
    expect(await found({ 'web/elm.json': '{}' })).toMatchObject([
      { code: 'nothing-found', severity: 'error' },
      {
        code: 'ecosystem-not-served',
        severity: 'warning',
        message: expect.stringContaining('Elm'),
        hint: expect.stringMatching(/"add": \["elmPackages\.elm"\].*docs\/adding-an-ecosystem\.md/),
        because: [{ file: 'web/elm.json', rule: 'unserved/manifest' }],
      },
    ]);
  });

  test('is information beside what is understood', async () => {
    const files = { 'package.json': '{}', 'ios/Podfile': '', 'Game.uproject': '{}', 'examples/x/v.mod': '' };
    expect(await found(files)).toMatchObject([
      { severity: 'info', message: expect.stringContaining('CocoaPods'), because: [{ file: 'ios/Podfile' }] },
      { severity: 'info', message: expect.stringContaining('Unreal'), because: [{ file: 'Game.uproject' }] },
    ]);
  });

  test('is told of once, at the manifest that is nearest to the root', async () => {
    const [, finding, ...more] = await found({ 'a/b/x.asd': '', 'z.asd': '', 'vendor/y/bower.json': '{}' });
    expect(finding?.because).toMatchObject([{ file: 'z.asd' }]);
    expect(more).toEqual([]);
  });

  test('counts by presence: what a source holds is no input', async () => {
    const { plan } = await understood({ 'blink/blink.ino': 'void setup() {}' });
    expect(plan.repository.inputs).toEqual([{ path: 'blink/blink.ino', blob: null }]);
  });

  test('is served as soon as the configuration names what it needs', async () => {
    const { codes, tools } = await understood({ 'dub.json': '{}' }, { packages: { add: ['ldc', 'dub'] } });
    expect(codes).not.toContain('nothing-found');
    expect(tools).toEqual(expect.arrayContaining(['ldc', 'dub']));
  });

  test('is one that no detector reads: support removes its row', () => {
    const claim = claimMatcher(
      detectors.flatMap(({ id, claims: { hints: _, ...claims } }) => (id === 'unserved' ? [] : [claims])),
    );
    const names = unservedEcosystems.flatMap((each) => [
      ...(each.names ?? []),
      ...(each.endings ?? []).map((ending) => `x${ending}`),
    ]);
    expect(names.filter((name) => claim(name) !== null)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('costs nothing where there is none of its files', () => {
    expect(concerned(inventoryOf({ 'package.json': '{}' }), detectors).map(({ id }) => id)).not.toContain(
      'unserved',
    );
  });

  test('has an address for each row', () => {
    const source = path.resolve(import.meta.dirname, '../../../src/detect/unserved/manifests.ts');
    const text = readFileSync(source, 'utf8');
    expect(text.match(/^ {2}\/\/ https:\/\/.+\n {2}\{ name/gm)).toHaveLength(unservedEcosystems.length);
  });

  test('points to a page that exists', () => {
    expect(existsSync(path.resolve(import.meta.dirname, '../../../docs/adding-an-ecosystem.md'))).toBe(true);
  });
});

describe('a file that looks like a manifest of nobody', () => {
  test.each([
    ['project.zorp', 'zorp.lock'],
    ['package.xyz', 'Fooofile'],
    ['build.edn', 'my-tool.pkg'],
  ])('%s and %s', async (...names) => {
    const files = Object.fromEntries(names.map((name) => [name, '']));
    expect(await found({ ...files, 'README.md': '' })).toMatchObject([
      { code: 'nothing-found' },
      {
        code: 'manifest-unknown',
        severity: 'warning',
        hint: expect.stringContaining('docs/adding-an-ecosystem.md'),
        because: expect.arrayContaining(names.map((file) => expect.objectContaining({ file }))),
      },
    ]);
  });

  test.each([
    'LICENSE',
    'README.md',
    'build.py',
    'notes/project.zorp',
    'project.md',
    '.gitignore',
    'flake.lock',
    'Jenkinsfile',
  ])('%s is none', async (name) => {
    expect((await found({ [name]: '' })).map(({ code }) => code)).not.toContain('manifest-unknown');
  });

  test('is nobody’s business where something is understood', async () => {
    expect(await found({ 'package.json': '{}', 'project.zorp': '' })).toEqual([]);
  });
});
