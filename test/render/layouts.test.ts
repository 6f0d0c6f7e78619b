import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Handlebars from 'handlebars';
import { describe, expect, test } from 'vitest';
import { layout, type NixFragment, piece } from '../../src/render/fragment.ts';
import { text } from '../../src/render/nix/expression.ts';
import { printNix } from '../../src/render/nix/print.ts';
import { shellWord } from '../../src/render/shell.ts';

const root = join(import.meta.dirname, '../..');
const layouts = filesBelow(join(root, 'templates'));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** What a layout may consist of, besides text: `{{name}}`, `{{#if name}}`, `{{#each name}}`. */
function problems(program: hbs.AST.Program): string[] {
  return program.body.flatMap((statement) => statementProblems(statement));
}

function statementProblems(statement: hbs.AST.Statement): string[] {
  switch (statement.type) {
    case 'ContentStatement':
      return [];
    case 'MustacheStatement': {
      const { path, params, hash, escaped } = statement as hbs.AST.MustacheStatement;
      const plain = isName(path) && params.length === 0 && hash === undefined && escaped;
      return plain ? [] : [`line ${statement.loc.start.line}: more than a name`];
    }
    case 'BlockStatement': {
      const { path, params, hash, program, inverse } = statement as hbs.AST.BlockStatement;
      const known = isName(path) && ['if', 'each'].includes(path.original);
      const plain = known && params.length === 1 && params.every(isName) && hash === undefined && !inverse;
      return [...(plain ? [] : [`line ${statement.loc.start.line}: no plain block`]), ...problems(program)];
    }
    default:
      return [`line ${statement.loc.start.line}: ${statement.type}`];
  }
}

function isName(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  if (node.type !== 'PathExpression') return false;
  const { parts, depth, data } = node as hbs.AST.PathExpression;
  return parts.length === 1 && depth === 0 && !data;
}

describe('layouts', () => {
  test('are there', () => {
    expect(layouts).toContain('templates/shell.nix.hbs');
  });

  test.each(layouts)('%s holds text, names and plain blocks', (path) => {
    const program = Handlebars.parseWithoutProcessing(readFileSync(join(root, path), 'utf8'));
    expect(problems(program)).toEqual([]);
  });

  test.each([
    '{{{name}}}',
    '{{&name}}',
    '{{helper name}}',
    '{{name key=1}}',
    '{{../name}}',
    '{{a.b}}',
    '{{@index}}',
    '{{this}}',
    '{{lookup a b}}',
    '{{> part}}',
    '{{#with a}}{{/with}}',
    '{{#if a}}{{else}}{{/if}}',
    '{{#if (eq a b)}}{{/if}}',
    '{{#each a}}{{{b}}}{{/each}}',
    '{{"text"}}',
    '{{! comment }}',
  ])('%s would be found', (source) => {
    expect(problems(Handlebars.parseWithoutProcessing(source))).not.toEqual([]);
  });
});

describe('a layout', () => {
  const specification = new Function(`return ${Handlebars.precompile('{{value}}', { noEscape: true })}`)();
  const unbranded = (value: unknown) => value as NixFragment;

  test('takes what an emitter of its language printed', () => {
    expect(layout('nix', specification)({ value: printNix(text('a"b')) })).toBe('"a\\"b"');
    expect(`${piece('nix', specification)({ value: printNix(text('x')) })}`).toBe('"x"');
  });

  test.each([
    ['a text', '"a"'],
    ['an object that prints itself', { toString: (): string => 'a' }],
    ['nothing', undefined],
    ['a fragment of another language', shellWord('a')],
  ])('refuses %s', (_what, value) => {
    expect(() => layout('nix', specification)({ value: unbranded(value) })).toThrow(TypeError);
    expect(() => layout('nix', specification)({ list: [{ value: unbranded(value) }] })).toThrow(TypeError);
  });
});
