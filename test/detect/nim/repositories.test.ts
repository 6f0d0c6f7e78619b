import { describe, expect, test } from 'vitest';
import { parseNimble } from '../../../src/detect/nim/nimble.ts';
import { decisionsOf, planOfFiles } from '../../support/repository.ts';

async function decided(files: Record<string, string>) {
  const plan = await planOfFiles(files);
  const { install, build, test: tests, start } = plan.projects[0]?.commands ?? {};
  return { ...decisionsOf(plan), commands: { install, build, test: tests, start }, plan };
}

describe('Nim', () => {
  test('a program', async () => {
    const found = await decided({
      'shop.nimble':
        'version = "0.1.0"\nbin = @["shop"]\n# requires "nim < 1.0"\nrequires "nim >= 1.6.0", "cligen >= 1.5"\n',
      'src/shop.nim': '',
      'tests/tshop.nim': '',
    });
    expect(found.toolchains).toEqual(['nim 2.2.4 compatible nixpkgs']);
    expect(found.managers).toEqual(['nimble']);
    expect(found.projects).toEqual([
      { path: '.', name: 'shop', languages: ['nim'], frameworks: [], packageManager: 'nimble', ports: [] },
    ]);
    expect(found.commands).toEqual({
      install: 'nimble install -y --depsOnly',
      build: 'nimble build -y',
      test: 'nimble test -y',
      start: './shop',
    });
    expect(found.compiler).toEqual(['default']);
    expect(found.tools).toEqual(['git']);
    expect(found.findings).toEqual([]);
  });

  test('a web application with a lock file that fixes the compiler', async () => {
    const found = await decided({
      'web.nimble': 'requires("nim >= 1.4", "jester")\nbin = @["web"]\nbinDir = "out"\n',
      'nimble.lock': JSON.stringify({
        version: 2,
        packages: { nim: { version: '1.6.10' }, jester: { version: '0.6.0' } },
      }),
    });
    expect(found.toolchains[0]).toMatch(/^nim 1\.6 /);
    expect(found.projects[0]).toMatchObject({ frameworks: ['jester'], ports: [5000] });
    expect(found.commands).toMatchObject({ install: 'nimble setup -y', start: './out/web' });
  });

  test('a library with a task', async () => {
    const found = await decided({
      'lib.nimble':
        'srcDir = "src"\nrequires "nim >= 2.0.0"\ntask test, "runs":\n  exec "nim c -r tests/all.nim"\n',
    });
    expect(found.commands).toMatchObject({ build: null, start: null, test: 'nimble test -y' });
  });

  test.each([
    ['a caret', 'nim ^= 1.6.0', /^nim 1\.6 /],
    ['an upper bound', 'nim >= 1.4 & < 2.2', /^nim 2\.0 /],
    ['its head, which no release is', 'nim#head', 'nim 2.2.4 nearest nixpkgs'],
  ])('required by %s', async (_, requirement, expected) => {
    expect((await decided({ 'a.nimble': `requires "${requirement}"\n` })).toolchains[0]).toMatch(expected);
  });

  test('pinned by .tool-versions, which the requirement contradicts', async () => {
    const found = await decided({ 'a.nimble': 'requires "nim >= 2.0"\n', '.tool-versions': 'nim 1.6.20\n' });
    expect(found.toolchains[0]).toMatch(/^nim 1\.6 /);
    expect(found.findings).toContain('version-contradiction');
  });

  test('broken text ends', () => {
    expect(parseNimble('requires "nim >= 1\nbin = @["a"').programs).toEqual(['a']);
    expect(parseNimble('#[ never closed requires "x"').requires).toEqual([]);
  });
});
