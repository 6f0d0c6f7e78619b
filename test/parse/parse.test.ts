import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParseResult } from '../../src/parse/document.ts';
import { tooDeep } from '../../src/parse/document.ts';
import { parseJson } from '../../src/parse/json.ts';
import { parseToml } from '../../src/parse/toml.ts';
import { stringAt, valueAt } from '../../src/parse/value.ts';
import { parseYaml } from '../../src/parse/yaml.ts';

function documentOf(result: ParseResult) {
  if ('problem' in result) throw new Error(result.problem.message);
  return result.document;
}

function problemOf(result: ParseResult) {
  if ('document' in result) throw new Error('parsed');
  return result.problem;
}

describe('JSON', () => {
  const text = '{\n  "engines": {\n    "node": "^22"\n  },\n  "list": [\n    1,\n    2\n  ]\n}\n';

  it('tells the line of a key, of an item, and of the nearest parent of what is missing', () => {
    const { line } = documentOf(parseJson(text));
    expect(line(['engines', 'node'])).toBe(3);
    expect(line(['list', 1])).toBe(7);
    expect(line(['engines', 'npm'])).toBe(2);
    expect(line(['missing'])).toBe(1);
  });

  it('tells no line of a text so large that looking for it would take too much memory', () => {
    const large = documentOf(parseJson(`{"a": 1, "b": "${'x'.repeat(5_000_000)}"}`));
    expect(valueAt(large.value, ['a'])).toBe(1);
    expect(large.line(['a'])).toBeNull();
  });

  it('takes comments only where they are allowed', () => {
    const commented = '{\n  // why\n  "a": 1,\n}';
    expect(problemOf(parseJson(commented)).line).toBe(2);
    const document = documentOf(parseJson(commented, { comments: true }));
    expect(document.value).toEqual({ a: 1 });
    expect(document.line(['a'])).toBe(3);
  });

  it.each([
    ['{"a": }', 1],
    ['{\n"a": 1\n"b": 2\n}', 3],
    ['', 1],
  ])('names the line of the first error: %j', (broken, line) => {
    expect(problemOf(parseJson(broken)).line).toBe(line);
  });

  it('survives any depth', () => {
    const deep = '['.repeat(200_000);
    expect(problemOf(parseJson(deep)).message).toMatch(/too deeply|not valid JSON/);
    const closed = deep + ']'.repeat(200_000);
    expect(() => parseJson(closed)).not.toThrow();
    expect(() => documentOf(parseJson(closed)).line([0])).not.toThrow();
  });
});

describe('TOML', () => {
  it('tells the line of keys, tables, inline tables and array items', () => {
    const text =
      'top = 1\n[project]\nname = "x"\ndependencies = [\n  "a",\n  "b",\n]\n[[tool.list]]\nx = 1\n[[tool.list]]\nx = { y = 2 }\na.b = 3\n';
    const { line, value } = documentOf(parseToml(text));
    expect(valueAt(value, ['tool', 'list', 1, 'x', 'y'])).toBe(2);
    expect(line(['top'])).toBe(1);
    expect(line(['project', 'name'])).toBe(3);
    expect(line(['project', 'dependencies', 1])).toBe(6);
    expect(line(['tool', 'list', 1])).toBe(10);
    expect(line(['tool', 'list', 1, 'x', 'y'])).toBe(11);
    expect(line(['tool', 'list', 1, 'a', 'b'])).toBe(12);
    expect(line(['project', 'missing'])).toBe(2);
  });

  it('names the line of the first error', () => {
    expect(problemOf(parseToml('a = 1\nb = = 2\n')).line).toBe(2);
  });

  it('survives deep nesting', () => {
    expect(() => parseToml(`a = ${'['.repeat(100_000)}`)).not.toThrow();
  });
});

describe('YAML', () => {
  it('tells the line of keys and items', () => {
    const { line, value } = documentOf(
      parseYaml('packages:\n  - a\n  - b\nservices:\n  db:\n    image: x\n'),
    );
    expect(stringAt(value, ['services', 'db', 'image'])).toBe('x');
    expect(line(['packages', 1])).toBe(3);
    expect(line(['services', 'db', 'image'])).toBe(6);
    expect(line(['services', 'other'])).toBe(4);
  });

  it('refuses a bomb of aliases in little time', () => {
    const levels = Array.from({ length: 30 }, (_, at) => {
      const items = Array.from({ length: 9 }, () => (at === 0 ? 'lol' : `*a${at - 1}`)).join(', ');
      return `a${at}: &a${at} [${items}]`;
    });
    expect(problemOf(parseYaml(levels.join('\n'))).message).toMatch(/aliases/);
  });

  it('takes keys by the thousand, each once', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `key${at}: {a: 1}\n`).join('');
    const start = performance.now();
    const { line } = documentOf(parseYaml(keys));
    for (let at = 0; at < 20_000; at += 2) expect(line([`key${at}`, 'a'])).toBe(at + 1);
    // Looking for each key anew takes minutes.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(problemOf(parseYaml(`${keys}b: 1\nkey7: 2\n`))).toEqual({
      line: 20_002,
      message: 'not valid YAML: Map keys must be unique',
    });
    const merged = 'a: &a {x: 1}\nb: &b {y: 2}\nc:\n  <<: *a\n  <<: *b\n';
    expect(documentOf(parseYaml(merged)).value).toMatchObject({ c: { x: 1, y: 2 } });
  });

  it('names deep nesting as such', () => {
    expect(problemOf(parseYaml(`a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`))).toEqual(tooDeep);
  });

  it('names the line of the first error, and survives deep nesting', () => {
    expect(problemOf(parseYaml('a: 1\nb: [1\nc: 2\n')).line).toBeGreaterThan(1);
    expect(() => parseYaml('['.repeat(50_000))).not.toThrow();
  });
});

describe('every parser', () => {
  it('tells the lines of two large files in turn', () => {
    const filler = `# ${'x'.repeat(100_000)}\n`;
    const large = [
      parseToml(`${filler}a = 1\n`),
      parseYaml(`${filler}a: 1\n`),
      parseJson(' '.repeat(99_999).concat('\n{"a": 1}')),
    ];
    for (let turn = 0; turn < 2; turn++) {
      expect(large.map((each) => documentOf(each).line(['a']))).toEqual([2, 2, 2]);
    }
  });

  it('answers any text with a document or a problem', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const parse of [parseJson, parseToml, parseYaml]) {
          const result = parse(text);
          if ('document' in result) result.document.line(['a', 0]);
          else expect(result.problem.message).not.toBe('');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('does not read what a prototype lends', () => {
    for (const value of [documentOf(parseJson('{"__proto__": {"a": "x"}}')).value, { own: 1 }]) {
      expect(stringAt(value, ['a'])).toBeNull();
      expect(valueAt(value, ['constructor', 'name'])).toBeUndefined();
      expect(valueAt(value, ['toString'])).toBeUndefined();
    }
  });
});
