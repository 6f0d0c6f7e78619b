/**
 * What someone writes who means harm, in every file that some ecosystem claims. New claims are in it by themselves.
 * `HOSTILE=all` tries every text in every file, which takes minutes; else each file has a share of them.
 */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { detectors } from '../../src/detect/registry.ts';
import type { Detector } from '../../src/detect/types.ts';
import { type Plan, planSchema } from '../../src/plan/schema.ts';
import { render } from '../../src/render/render.ts';
import type { Claims } from '../../src/scan/types.ts';
import { folderWith } from '../support/folder.ts';
import { manyProjects } from '../support/many-projects.ts';
import { planOfFiles } from '../support/repository.ts';
import { typical, typicalText } from '../support/typical.ts';

const isComplete = process.env.HOSTILE === 'all';

/** A path for every claim; only the text of the first list is ever read. */
function pathsOf({ claims, last = {} }: Detector): { read: string[]; present: string[] } {
  const read = (each: Claims) => [
    ...[each.names, each.locks, each.suffixes, each.hints?.names].flatMap((names) => names ?? []),
    ...[each.endings, each.hints?.endings].flatMap((all) => all ?? []).map((ending) => `x${ending}`),
    ...(each.hints?.folders ?? []).map((folder) => `${folder}/x.yml`),
  ];
  return {
    read: [...new Set([...read(claims), ...read(last)])],
    present: [...(claims.presence ?? []), ...(last.presence ?? [])],
  };
}

/** What grammars nest, repeat, quote and comment with. */
const units = [
  ...[
    '\n',
    ' ',
    '\t',
    '(',
    '[',
    '{',
    '<',
    '"',
    "'",
    '`',
    '\\',
    '"""',
    "'''",
    '#',
    '/*',
    '<!--',
    '(*',
    '{-',
    '#|',
  ],
  ...['a.', '-', '--', '=', ',', ':', ';', '|', '>', '*', '../', '${', '$(', '\\\n', 'a', 'a ', '0.', '9'],
  ...['<a>', '[a]\n', 'a=', '"a",', '- a\n', 'a: a\n', 'a = "1"\n', '<<A\n', '&a ', '*a ', '# ', 'a:\n  '],
];

const versions = [
  ...[
    '99999999999999999999.1',
    '-1',
    '1.0.0.0.0.0',
    '${jndi:ldap://x}',
    '$(touch canary)',
    "'; drop",
    '',
    '*',
  ],
  ...[
    '"; builtins.abort "x',
    "''${x}",
    '1\u001b[31m',
    '\u202e1',
    '>=1 <',
    '1\r\n2',
    '../..',
    '0x10',
    '1e999',
    'é',
  ],
];
const names = [
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '../../etc',
    '/etc/passwd',
    'a/../b',
    '-rf',
    '--x',
  ],
  ...[
    '$(touch canary)',
    '`touch canary`',
    "a'; touch canary; '",
    'a"; }',
    "''${x}",
    'a\u001b[2Jb',
    'a\u202eb',
    'x y',
  ],
];

const wholes = [
  '',
  '\0',
  '\ufeff',
  '\r\n\r\n',
  '\ufffd\ufffd = "\ufffd"\r\n',
  '{"__proto__":{"x":1},"constructor":1,"toString":[]}',
  '__proto__: {toString: 1}\nconstructor: [a]\n',
  '[__proto__]\nconstructor = 1\n[toString]\nx = "1"\n',
  'null',
  '[]',
  '"text"',
  '1',
];

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** What holds of every plan, whatever it is of. */
async function expectSound(plan: Plan): Promise<void> {
  expect(planSchema.safeParse(plan).error?.message).toBe(undefined);
  for (const { message, hint, because } of plan.findings) {
    for (const text of [message, hint ?? '', ...because.map((each) => each.text)])
      expect(text).not.toMatch(control);
    expect(message.length).toBeLessThan(2000);
  }
  for (const { name, commands, frameworks } of plan.projects) {
    const said = [name, ...Object.values(commands), ...frameworks].filter((text) => text !== null);
    for (const text of said) expect(text).not.toMatch(control);
  }
  expect(plan.repository.name).not.toMatch(control);
  const files = await render(plan);
  for (const { path, text } of files) {
    if (path.endsWith('.lock')) JSON.parse(text);
    if (path.endsWith('.nix'))
      expect(codeOf(text), path).not.toMatch(/touch canary|builtins\.abort|\/passwd|jndi:|; drop/);
  }
}

/** Nix without its comments and strings: what a repository wrote must be in these alone. */
function codeOf(nix: string): string {
  return nix.replace(/#[^\n]*|"(?:[^"\\]|\\[\s\S])*"|''(?:[^']|'(?!')|'''|''\$|''\\[\s\S])*''/g, '""');
}

function filled(paths: readonly string[], text: (at: number) => string): Record<string, string> {
  return Object.fromEntries(paths.map((path, at) => [path, text(at)]));
}

/** Milliseconds of this process for a repository. */
async function timeOf(files: Record<string, string>): Promise<number> {
  const start = process.cpuUsage();
  await planOfFiles(files);
  return process.cpuUsage(start).user / 1000;
}

/** Four times the size takes about four times the time, not sixteen; measured again where it seems otherwise. */
async function expectLinear(make: (size: number) => Record<string, string>, size: number): Promise<void> {
  let last = '';
  for (let attempt = 0; attempt < 3; attempt++) {
    const small = await timeOf(make(size));
    const large = await timeOf(make(4 * size));
    if (large <= 6.5 * Math.max(small, 60)) return;
    last = `${size}: ${Math.round(small)} ms, four times that: ${Math.round(large)} ms`;
  }
  expect.fail(last);
}

/** Files of several ecosystems are measured once. */
const seen = new Set<string>();

describe.each(detectors.map((each) => [each.id, each] as const))('hostile files of %s', (_, detector) => {
  const { read, present } = pathsOf(detector);

  test('give a sound plan, whatever they are', async () => {
    for (const whole of wholes) {
      await expectSound(await planOfFiles(filled([...read, ...present], () => whole)));
    }
  });

  test('are read in time that grows with them', async () => {
    const bytes = 8000;
    const every = Math.max(72, read.length);
    for (const [at, path] of read.entries()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const share = units.filter(
        (_, unit) => isComplete || (unit === 0 && at < 40) || (unit + at) % every === 0,
      );
      for (const unit of share) {
        const start = process.cpuUsage();
        await planOfFiles({ [path]: unit.repeat(bytes / unit.length) });
        // Only what takes long is worth a comparison.
        if (process.cpuUsage(start).user / 1000 < 50) continue;
        await expectLinear((size) => ({ [path]: unit.repeat(size / unit.length) }), bytes);
      }
    }
  });
});

describe('hostile values in files that are well formed', () => {
  test.each(Object.keys(typical))('%s gives a sound plan', async (path) => {
    const kind = typical[path];
    if (kind === undefined) throw new Error(path);
    const turn = path.length % 8;
    for (const [at, name] of names.entries()) {
      if (!isComplete && at % 8 !== turn) continue;
      const version = versions[(at + path.length) % versions.length] ?? '';
      await expectSound(await planOfFiles({ [path]: typicalText(kind, 3, name, version) }));
    }
    for (const [at, version] of versions.entries()) {
      if (!isComplete && at % 8 !== turn) continue;
      await expectSound(await planOfFiles({ [path]: typicalText(kind, 2, 'shop', version) }));
    }
  });

  test('all of them together, in folders that no command expects', async () => {
    for (const folder of [
      "'; touch canary; '",
      '-rf',
      '$(touch canary)',
      'a\u001b[31m',
      'x\u202ey',
      'a\nb',
      '__proto__',
    ]) {
      const files = Object.entries(typical).map(([path, kind]) => [
        `${folder}/${path}`,
        typicalText(kind, 2, folder, '1.0'),
      ]);
      await expectSound(await planOfFiles(Object.fromEntries(files)));
    }
  });

  test.each(Object.keys(typical))('%s of many lines is read in time that grows with them', async (path) => {
    const kind = typical[path];
    if (kind === undefined) throw new Error(path);
    await expectLinear(
      (size) => ({ [path]: typicalText(kind, size, 'shop', '1.2') }),
      isComplete ? 5000 : 300,
    );
  });
});

describe('what once took time by the square of its length', () => {
  const gap = (size: number) => ' '.repeat(size);
  const cases: Record<string, (size: number) => Record<string, string>> = {
    'blank lines of a manifest beside sources in C': (size) => ({
      'CMakeLists.txt': 'project(x C)\nadd_executable(x main.c)\n',
      'pyproject.toml': '\n'.repeat(size),
    }),
    'blank lines of opam': (size) => ({ opam: '\n'.repeat(size) }),
    'blank lines of dist.ini': (size) => ({ 'dist.ini': '\n'.repeat(size) }),
    'blank lines of latexmkrc': (size) => ({
      latexmkrc: '\n'.repeat(size),
      'main.tex': '\\documentclass{article}\n\\begin{document}\n\\end{document}\n',
    }),
    'blanks in a requirement of conda': (size) => ({
      'environment.yml': `name: x\ndependencies:\n  - python=3.10\n  - "numpy${gap(size)}x"\n  - pip:\n    - "a${gap(size)}x"\n`,
    }),
    'slashes in a workspace of npm': (size) => ({
      'package.json': JSON.stringify({ name: 'a', workspaces: [`a${'/'.repeat(size)}b`] }),
    }),
    'blanks of a formula': (size) => ({ Brewfile: `brew${gap(size)}x\n` }),
  };

  test.each(Object.keys(cases))('%s', async (name) => {
    const make = cases[name];
    if (make === undefined) throw new Error(name);
    await expectLinear(make, 10_000);
  });

  test('a plan is no larger than people read, however much a manifest names', async () => {
    const plan = await planOfFiles({
      'devbox.json': JSON.stringify({ packages: Array.from({ length: 3000 }, (_, at) => `unknown${at}`) }),
      'binder/requirements.txt': 'numpy\n'.repeat(150_000),
    });
    const unknown = plan.findings.filter(({ message }) => /unknown\d/.test(message));
    expect(unknown.length).toBe(500);
    expect(plan.findings.at(-1)).toMatchObject({ code: 'findings-left-out', severity: 'info' });
    expect(plan.libraries.length).toBeGreaterThan(0);
    expect(JSON.stringify(plan).length).toBeLessThan(1_000_000);
  });

  test('names and messages are short, on one line', async () => {
    const plan = await planOfFiles({ 'mkdocs.yml': '|'.repeat(50_000), 'a\u001b[31m/package.json': '{' });
    const messages = plan.findings.map(({ message }) => message);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThan(300);
    expect(messages.join('\n')).toContain('a [31m/package.json');
    const named = await planOfFiles({ 'a\u001b[31m.csproj': '<Project Sdk="Microsoft.NET.Sdk"/>' });
    expect(named.repository.name).toBe('a [31m');
  });
});

describe('hostile trees', () => {
  test('links that leave, that go in circles, that lead nowhere, and folders in the place of files', async () => {
    const folder = folderWith({ 'package.json': '{"name":"shop"}', 'real/go.mod': 'module shop\n' });
    const paths = detectors.flatMap((each) => pathsOf(each).read).filter((path) => !path.includes('/'));
    for (const [at, path] of [...new Set(paths)].entries()) {
      if (path === 'package.json') continue;
      const here = join(folder, path);
      if (at % 5 === 0) mkdirSync(here);
      else symlinkSync(['/etc/passwd', path, 'nowhere', '../..', 'real'][at % 5] ?? '', here);
    }
    const outside = folderWith({ '.nvmrc': '18\n' });
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/package.json'), '{}');
    symlinkSync(join(outside, '.nvmrc'), join(folder, 'sub/.nvmrc'));
    const plan = await analyze(folder);
    await expectSound(plan);
    expect(JSON.stringify(plan)).not.toMatch(/root:x:0|"requested":"18"/);
  });

  // How often code runs for them is counted in linear.test.ts; here the time itself is taken.
  test.runIf(isComplete).each(Object.entries(manyProjects))(
    '%s: thousands of projects take time that grows with them',
    async (_, make) => expectLinear(make, 750),
  );
});
