import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkGroups } from '../scripts/build/chunks.ts';

const root = path.resolve(import.meta.dirname, '../src');

/** Stages in the order in which data flows. */
const stages = ['scan', 'detect', 'plan', 'render', 'write', 'cli'];

/** Modules that load slowly: on the way of `analyze` only their types are used. */
const heavy = /^(zod|execa|handlebars)/;

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

const importLine = /^(?:import|export)\s+(?<type>type\s)?[^;]*?from\s+'(?<to>[^']+)'/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(importLine)].map(({ groups }) => ({
    from: path.relative(root, file),
    to: groups?.to?.startsWith('.')
      ? path.relative(root, path.resolve(path.dirname(file), groups.to))
      : (groups?.to ?? ''),
    isType: groups?.type !== undefined,
  }));
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.join(root, file));
const imports = files.flatMap(importsOf);
const stageOf = (file: string) => stages.indexOf(file.split(path.sep)[0] ?? '');

describe('the house', () => {
  it('lets data flow one way: no stage imports from a later one', () => {
    const wrong = imports.filter(
      ({ from, to, isType }) => !isType && stageOf(from) !== -1 && stageOf(to) > stageOf(from),
    );
    expect(wrong).toEqual([]);
  });

  it('renders from the plan and nothing else', () => {
    const allowed =
      /^(render|plan\/(schema|tools)\.ts|errors\.ts|text\/|\.\.\/templates|handlebars|yaml$|node:crypto)/;
    const wrong = imports.filter(({ from, to }) => from.startsWith('render') && !allowed.test(to));
    expect(wrong).toEqual([]);
  });

  it('starts programs in one place', () => {
    const starters = imports.filter(({ to }) => /^(execa|node:child_process|child_process)$/.test(to));
    expect(starters.filter(({ from }) => from !== 'exec.ts')).toEqual([]);
    expect(files.filter((file) => readFileSync(file, 'utf8').includes("import('execa')"))).toEqual([
      path.join(root, 'exec.ts'),
    ]);
  });

  it('loads nothing heavy on the way of analyze', () => {
    const seen = new Set<string>();
    const reach = (file: string) => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const { from, to, isType } of imports) if (from === file && !isType) reach(to);
    };
    reach('analyze.ts');
    expect(seen.size).toBeGreaterThan(20);
    expect([...seen].filter((module) => heavy.test(module))).toEqual([]);
  });

  it('starts with one chunk: what every command line loads imports nothing outside of it', () => {
    const start = chunkGroups.find(({ name }) => name === 'start');
    const isStart = (file: string) => start?.test.test(`/src/${file}`) === true;
    const own = imports.filter(({ from, isType }) => !isType && isStart(from));
    expect(own.map(({ from }) => from)).toEqual(expect.arrayContaining(['cli/run.ts', 'cli/program.ts']));
    const others = own.filter(
      ({ to }) => !isStart(to) && !/^(node:|commander$|\.\.\/package\.json$)/.test(to),
    );
    expect(others).toEqual([]);
  });

  it('reads a repository without the code of an ecosystem that is not in it', () => {
    const groupOf = (file: string) => chunkGroups.find(({ test }) => test.test(`/src/${file}`))?.name;
    const others = imports.filter(
      ({ from, to, isType }) =>
        !isType && groupOf(from) === 'core' && ['javascript', 'tasks', 'build'].includes(groupOf(to) ?? ''),
    );
    expect(others).toEqual([]);
  });

  it('gives no list that a repository makes as arguments: there may only be so many of them', () => {
    const spread = /\.(push|unshift)\(\.\.\.(?!\[)|Math\.(min|max)\([^()]*\.\.\.(?!lines\.|\[)/;
    const read = files.filter((file) =>
      /^(detect|parse|plan|scan|versions)\b/.test(path.relative(root, file)),
    );
    const wrong = read.filter((file) => spread.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });

  it('has no file that a person cannot take in', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
