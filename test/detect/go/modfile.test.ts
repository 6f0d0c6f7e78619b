import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGoFile } from '../../../src/detect/go/modfile.ts';

describe('go.mod', () => {
  it('reads directives with their lines', () => {
    const file = parseGoFile(
      ['// A shop.', 'module github.com/acme/shop', '', 'go 1.22.3', 'toolchain go1.23.1'].join('\n'),
    );
    expect(file.module).toEqual({ value: 'github.com/acme/shop', line: 2 });
    expect(file.go).toEqual({ value: '1.22.3', line: 4 });
    expect(file.toolchain).toEqual({ value: 'go1.23.1', line: 5 });
  });

  it('reads single requirements and blocks, and knows the indirect ones', () => {
    const { requires } = parseGoFile(`module m
require a.example/x v1.0.0
require ( // the rest
	b.example/y v2.1.0+incompatible
	c.example/z v0.0.0-20240101000000-abcdefabcdef // indirect
	d.example/w v1.0.0 // indirect; kept for a plugin
	e.example/v v1.0.0 // indirectly funny
)
`);
    expect(requires.map(({ path, version, indirect, line }) => [path, version, indirect, line])).toEqual([
      ['a.example/x', 'v1.0.0', false, 2],
      ['b.example/y', 'v2.1.0+incompatible', false, 4],
      ['c.example/z', 'v0.0.0-20240101000000-abcdefabcdef', true, 5],
      ['d.example/w', 'v1.0.0', true, 6],
      ['e.example/v', 'v1.0.0', false, 7],
    ]);
  });

  it('takes strings, in either kind of quotes, for what they hold', () => {
    const file = parseGoFile(
      'module "example.com/a b"\nrequire `c.example/d` "v1.0.0"\nreplace "x" => "../y z"\n',
    );
    expect(file.module?.value).toBe('example.com/a b');
    expect(file.requires[0]).toMatchObject({ path: 'c.example/d', version: 'v1.0.0' });
    expect(file.replaces[0]).toMatchObject({ path: 'x', by: '../y z' });
  });

  it('reads replacements with and without versions', () => {
    const { replaces } = parseGoFile(
      'replace a v1.0.0 => ../a\nreplace (\n  b => c.example/fork v1.2.0\n)\n',
    );
    expect(replaces.map(({ path, by }) => [path, by])).toEqual([
      ['a', '../a'],
      ['b', 'c.example/fork'],
    ]);
  });

  it('passes over what it does not know', () => {
    const file = parseGoFile(
      'retract [v1.0.0, v1.1.0]\nexclude x v1\ngodebug (\n default=go1.21\n)\nmodule m\n',
    );
    expect(file.module).toEqual({ value: 'm', line: 6 });
    expect(file.requires).toEqual([]);
  });

  it('reads line ends of Windows', () => {
    expect(parseGoFile('module m\r\n\r\ngo 1.21\r\n')).toMatchObject({
      module: { value: 'm', line: 1 },
      go: { value: '1.21', line: 3 },
    });
  });

  it('reads tools of Go 1.24', () => {
    const { tools } = parseGoFile('tool (\n\texample.com/x/cmd/x\n)\ntool example.com/y\n');
    expect(tools.map(({ value }) => value)).toEqual(['example.com/x/cmd/x', 'example.com/y']);
  });
});

describe('go.work', () => {
  it('reads the folders that it uses', () => {
    const { uses, go } = parseGoFile('go 1.22\nuse (\n\t.\n\t./api // the server\n)\nuse "./my tools"\n');
    expect(go?.value).toBe('1.22');
    expect(uses.map(({ value }) => value)).toEqual(['.', './api', './my tools']);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'module ',
    'require (',
    ')',
    '"',
    '`',
    '//',
    '=>',
    '\\',
    '\n',
    'a v1',
    '\0',
    ' ',
  );

  it('is read without an error, and every line lies in it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'grapheme' }))), (parts) => {
        const text = parts.join('');
        const file = parseGoFile(text);
        const lines = text.split('\n').length;
        for (const { line } of [...file.requires, ...file.replaces, ...file.uses, ...file.tools]) {
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines);
        }
      }),
    );
  });

  it('takes time in proportion to its length', () => {
    const started = performance.now();
    parseGoFile(`require ${'"\\'.repeat(200_000)}\n${'('.repeat(200_000)}\n${'a'.repeat(1_000_000)}`);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
