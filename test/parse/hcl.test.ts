import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHcl } from '../../src/parse/hcl.ts';

describe('HCL', () => {
  it('has blocks with labels, and arguments with literal strings', () => {
    const { blocks, strings } = parseHcl(
      [
        'terraform_binary = "tofu" # which',
        'terraform {',
        '  required_version = "~> 1.5"',
        '  backend "s3" { bucket = "b" }',
        '  required_providers {',
        '    aws = { source = "hashicorp/aws", version = ">= 5" }',
        '  }',
        '}',
      ].join('\n'),
    );
    expect(strings).toEqual([{ name: 'terraform_binary', value: 'tofu', line: 1 }]);
    expect(blocks[0]).toMatchObject({
      type: 'terraform',
      line: 2,
      strings: [{ name: 'required_version', value: '~> 1.5', line: 3 }],
    });
    expect(blocks[0]?.blocks.map(({ type, labels }) => [type, labels])).toEqual([
      ['backend', ['s3']],
      ['required_providers', []],
    ]);
  });

  it('reads no comments, heredocs, templates or expressions', () => {
    const { blocks } = parseHcl(
      [
        '/* terraform { required_version = "1.0" } */',
        '// terraform {',
        'locals {',
        '  a = "${join("}", ["x"])} required_version"',
        '  b = <<-EOT',
        '    } terraform { required_version = "1.1" }',
        '    EOT',
        '  c = ["{", "}"]',
        '  d = "1" + "2"',
        '}',
        'terraform {',
        '  required_version = "1.2"',
        '}',
      ].join('\r\n'),
    );
    expect(blocks.map(({ type, line }) => [type, line])).toEqual([
      ['locals', 3],
      ['terraform', 11],
    ]);
    expect(blocks[0]?.strings).toEqual([]);
    expect(blocks[1]?.strings[0]).toMatchObject({ value: '1.2', line: 12 });
  });

  it('never throws, and takes linear time', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '"',
      '<<E\n',
      'E\n',
      '/*',
      '*/',
      '#',
      '\n',
      '${',
      'a',
      ' = ',
      '[',
      ')',
      '\\',
    );
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => void parseHcl(pieces.join(''))));
    const start = performance.now();
    for (const each of ['{', '"${', '<<E\n', '<<a', 'a ', '[', '/*', '"\\']) parseHcl(each.repeat(50_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
