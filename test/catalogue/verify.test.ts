import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, compare, type Fact } from '../../scripts/catalogue/compare.mjs';
import { compile } from '../../scripts/catalogue/compile.mjs';
import { factsByChannel } from '../../scripts/catalogue/facts.mjs';
import { readSources } from '../../scripts/catalogue/sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the comparison', () => {
  const fact: Fact = { attribute: 'tool', version: null, insecure: [], unfree: [], systems: null };
  const answer: Answer = { name: 'tool', version: '1.2.3', insecure: false, unfree: false, evaluates: true };
  const judged = (said: Partial<Fact>, found: Partial<Answer> | null) =>
    compare([{ ...fact, ...said }], [found === null ? null : { ...answer, ...found }]);

  test.each<[string, Partial<Fact>, Partial<Answer> | null, string[]]>([
    ['all is well', {}, {}, []],
    ['there is none', {}, null, ['tool: missing']],
    ['it throws', {}, { evaluates: false }, ['tool: does not evaluate']],
    ['it is insecure and nobody said so', {}, { insecure: true }, ['tool: insecure, as tool']],
    ['another name is permitted', { insecure: ['other'] }, { insecure: true }, ['tool: insecure, as tool']],
    ['it is permitted', { insecure: ['tool'] }, { insecure: true }, []],
    ['it is unfree and nobody said so', {}, { unfree: true }, ['tool: unfree, as tool']],
    ['it is permitted as unfree', { unfree: ['tool'] }, { unfree: true }, []],
  ])('%s', (_, said, found, problems) => {
    expect(judged(said, found).problems).toEqual(problems);
  });

  test.each<[string | null, string, string[]]>([
    ['1.2.3', '1.2.3', []],
    ['1.2.2', '1.2.3', ['tool: 1.2.3, not 1.2.2']],
    ['1.2.x', '1.2.3', []],
    ['1.1.x', '1.2.3', ['tool: 1.2.3, not 1.1.x']],
    ['1.2.0+', '1.2.3', ['tool: 1.2.3, known as 1.2.0+']],
    ['1.3.0+', '1.2.3', ['tool: 1.2.3, older than 1.3.0']],
    [null, '1.2.3', []],
    ['1.2.3', '1.2.3.6', ['tool: 1.2.3.6, not 1.2.3']],
  ])('%s said, %s found: no problem, but worth a remark', (said, version, remarks) => {
    const found = judged({ version: said }, { version });
    expect(found).toMatchObject({ problems: [], remarks, versions: { tool: version } });
  });
});

describe('what is verified', () => {
  test('is every attribute of every channel, once, as that channel spells it', async () => {
    const facts = factsByChannel(compile(await readSources(root)));
    const names = (channel: string) => (facts.get(channel) ?? []).map(({ attribute }) => attribute);
    expect(names('nixos-22.11')).toEqual(
      expect.arrayContaining(['nodejs-18_x', 'postgresql', 'xorg.libX11']),
    );
    expect(names('nixos-26.05')).toEqual(expect.arrayContaining(['nodejs_24', 'libpq.pg_config', 'libx11']));
    expect(names('nixos-26.05')).not.toContain('python310');
    for (const channel of facts.keys()) expect(new Set(names(channel)).size).toBe(names(channel).length);
    expect(facts.get('nixos-26.05')?.find(({ attribute }) => attribute === 'nodejs_20')?.insecure).toEqual([
      'nodejs',
    ]);
  });
});

const hasNix = spawnSync('nix-instantiate', ['--version']).status === 0;
if (!hasNix && process.env.CI === 'true') throw new Error('CI needs nix-instantiate');

/** A nixpkgs of a few packages: aliases throw or vanish as they do in the real one. */
const nixpkgs = `
{ system, config, overlays }:
let
  package = pname: version: meta:
    derivation { name = "\${pname}-\${version}"; inherit system; builder = "/bin/sh"; }
    // { inherit pname version meta; };
in
{
  good_1 = package "good" "1.2.3" { };
  old_1 = package "old" "1.0.0" { knownVulnerabilities = [ "end of life" ]; };
  paid_1 = package "paid" "2.0.0" { unfree = true; };
  set.inner = package "inner" "1.0.0" { };
  broken_1 = (package "broken" "1.0.0" { }) // { drvPath = throw "broken"; };
  thrown_1 = throw "thrown_1 has been removed";
  fatal_1 = (package "fatal" "1.0.0" { }) // { version = { }.version; };
} // (if config.allowAliases then { alias_1 = package "good" "1.2.3" { }; } else { })
`;

/** Sources with one channel and one attribute per row. */
function sources(rows: Record<string, object>) {
  const channel = {
    name: 'nixos-26.05',
    input: 'nixpkgs',
    rev: '0'.repeat(40),
    narHash: `sha256-${'A'.repeat(43)}=`,
    lastModified: 1,
    endOfLife: null,
    minimumNix: '2.18',
    systems: ['x86_64-linux'],
    glibc: '2.42',
    release: '',
    evidence: [],
  };
  const attributes = Object.fromEntries(
    Object.entries(rows).map(([name, more]) => [
      name,
      { attributes: { [name]: ['26.05 confirmed (test)'] }, ...more },
    ]),
  );
  return {
    'channels.json': { date: '2026-11-21', defaultChannel: 'nixos-26.05', channels: [channel] },
    'attributes.json': { tools: {}, attributes },
    'evidence.json': { test: 'made for a test' },
  };
}

describe.skipIf(!hasNix)('npm run catalogue:verify (skipped without nix-instantiate)', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nidify-verify-'));
    mkdirSync(join(folder, 'nixpkgs'));
    writeFileSync(join(folder, 'nixpkgs/default.nix'), nixpkgs);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function verify(rows: Record<string, object>, ...options: string[]) {
    mkdirSync(join(folder, 'catalogue/sources'), { recursive: true });
    for (const [name, value] of Object.entries(sources(rows))) {
      writeFileSync(join(folder, 'catalogue', name), JSON.stringify(value));
    }
    const script = join(root, 'scripts/catalogue/verify.mjs');
    const run = spawnSync(process.execPath, [script, '--sources', folder, ...options], { encoding: 'utf8' });
    return { code: run.status, output: run.stdout, error: run.stderr };
  }
  const local = () => ['--nixpkgs', `nixos-26.05=${join(folder, 'nixpkgs')}`];

  test('all is there: exit 0', () => {
    const { code, output } = verify(
      { good_1: {}, 'set.inner': {}, paid_1: { unfree: ['paid'] } },
      ...local(),
    );
    expect(output).toBe('nixos-26.05: 3 attributes, 0 problems\n');
    expect(code).toBe(0);
  });

  test('missing, thrown, aliased, fatal, insecure or unfree: exit 1 with the name of each', () => {
    const rows = Object.fromEntries(
      [
        'good_1',
        'alias_1',
        'thrown_1',
        'fatal_1',
        'broken_1',
        'old_1',
        'paid_1',
        'set.none',
        'good_1.x.y',
      ].map((name) => [name, {}]),
    );
    const { code, output } = verify(rows, '--json', ...local());
    expect(JSON.parse(output)['nixos-26.05'].problems).toEqual([
      'alias_1: missing',
      'broken_1: does not evaluate',
      'fatal_1: missing',
      'good_1.x.y: missing',
      'old_1: insecure, as old',
      'paid_1: unfree, as paid',
      'set.none: missing',
      'thrown_1: missing',
    ]);
    expect(code).toBe(1);
  });

  test('nixpkgs out of reach: a plain message and exit 75', () => {
    const unreachable = {
      PATH: process.env.PATH,
      http_proxy: 'http://127.0.0.1:9',
      https_proxy: 'http://127.0.0.1:9',
    };
    const script = join(root, 'scripts/catalogue/verify.mjs');
    verify({ good_1: {} }, ...local());
    const run = spawnSync(process.execPath, [script, '--sources', folder], {
      encoding: 'utf8',
      env: { ...unreachable, HOME: folder, NIX_CONFIG: 'download-attempts = 1' },
    });
    expect(run.stderr).toMatch(/^catalogue: nixpkgs of nixos-26\.05 \(0{40}\) cannot be reached: .+\n$/);
    expect(run.status).toBe(75);
  });

  test('a channel that is none: exit 2', () => {
    const { code, error } = verify({ good_1: {} }, '--channel', 'nixos-99.05');
    expect(error).toBe('catalogue: no such channel: nixos-99.05\n');
    expect(code).toBe(2);
  });
});

test('sources that cannot be read are said in one line', () => {
  const script = join(root, 'scripts/catalogue/verify.mjs');
  const run = spawnSync(process.execPath, [script, '--sources', join(root, 'test/catalogue')], {
    encoding: 'utf8',
  });
  expect(run.stderr).toMatch(/^catalogue: ENOENT.*\n$/);
  expect(run.status).toBe(2);
});
