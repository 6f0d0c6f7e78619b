import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

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

  it('has no file that a person cannot take in', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400);
    expect(long).toEqual([]);
  });
});
