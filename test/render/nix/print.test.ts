import { describe, expect, test } from 'vitest';
import {
  assign,
  call,
  inherit,
  lambda,
  letIn,
  lines,
  list,
  name,
  operation,
  set,
  text,
} from '../../../src/render/nix/expression.ts';
import {
  printBinding,
  printComment,
  printInterpolation,
  printNix,
  printParameters,
  printStringText,
} from '../../../src/render/nix/print.ts';

/** What nixfmt 1.x makes of the same expression. */
const binding = (value: Parameters<typeof printNix>[0]) => `${printBinding(assign('x', value), 0)}`;
const long = 'a'.repeat(60);

describe('a list', () => {
  test('without items, or with one, stays on its line', () => {
    expect(binding(list([]))).toBe('x = [ ];');
    expect(binding(list([text('a')]))).toBe('x = [ "a" ];');
  });

  test('with more has a line for each', () => {
    expect(binding(list([name('a'), call(name('f'), name('b'))]))).toBe('x = [\n  a\n  (f b)\n];');
  });

  test('whose item has a comment is opened', () => {
    expect(binding(list([{ value: name('a'), note: 'why\nnot' }]))).toBe('x = [\n  a # why not\n];');
  });
});

describe('a set', () => {
  test('is opened as a value, but for a single inherit', () => {
    expect(binding(set([]))).toBe('x = { };');
    expect(binding(set([assign('a', name('b'))]))).toBe('x = {\n  a = b;\n};');
    expect(binding(set([inherit('a', 'b')]))).toBe('x = { inherit a b; };');
  });

  test('with one binding stays on the line of a function', () => {
    expect(binding(call(name('f'), set([assign('a', name('b'))])))).toBe('x = f { a = b; };');
  });

  test('has comments above its bindings and empty lines where they are asked for', () => {
    const value = set([
      assign('a', name('b'), { comment: ['one\r\n}', ''] }),
      assign(['c', 'd e'], name('f'), { apart: true, comment: ['two'] }),
    ]);
    expect(binding(value)).toBe('x = {\n  # one }\n  #\n  a = b;\n\n  # two\n  c."d e" = f;\n};');
  });

  test('inherits more than three names on a line each', () => {
    expect(`${printBinding(inherit('a', 'b', 'c', 'd'), 0)}`).toBe('inherit\n  a\n  b\n  c\n  d\n  ;');
  });
});

describe('a call', () => {
  test('opens its last argument on its own line', () => {
    const last = list([name('b'), name('c')]);
    expect(binding(call(name('f'), name('a'), last))).toBe('x = f a [\n  b\n  c\n];');
  });

  test('keeps a short list before the last argument together', () => {
    const first = list([name('a'), name('b')]);
    expect(binding(call(name('f'), first, set([inherit('c')])))).toBe('x = f [ a b ] { inherit c; };');
  });

  test('puts an operation into parentheses of its own', () => {
    const sum = operation('//', set([assign('a', name('b')), inherit('c')]), name('d'));
    expect(binding(call(name('f'), sum))).toBe('x = f (\n  {\n    a = b;\n    inherit c;\n  }\n  // d\n);');
  });

  test('starts below when it is too long, and has a line per argument when it is longer', () => {
    expect(binding(call(name('f'), name(long), name('b'.repeat(34))))).toBe(
      `x =\n  f ${long} ${'b'.repeat(34)};`,
    );
    expect(binding(call(name('f'), name(long), name(long)))).toBe(`x =\n  f\n    ${long}\n    ${long};`);
  });
});

describe('an operation', () => {
  const rest = call(name('lib', 'optionals'), name('c'), list([name('d')]));

  test('stays on one line where it can', () => {
    expect(binding(operation('++', list([name('a')]), rest))).toBe('x = [ a ] ++ lib.optionals c [ d ];');
    expect(binding(operation('==', name('a'), text('b')))).toBe('x = a == "b";');
  });

  test('does not indent what follows a list', () => {
    expect(binding(operation('++', list([name('a'), name('b')]), rest))).toBe(
      'x = [\n  a\n  b\n]\n++ lib.optionals c [ d ];',
    );
  });

  test('starts below when it does not start with a list or a set', () => {
    expect(binding(operation('++', name(long), name(long)))).toBe(`x =\n  ${long}\n  ++ ${long};`);
  });
});

describe('functions, let and strings of lines', () => {
  test('a function that does not fit starts below, with its body', () => {
    const body = call(name('f'), list([name('a'), name('b')]));
    expect(binding(lambda('p', call(name('f'), name('p'))))).toBe('x = p: f p;');
    expect(binding(lambda('p', body))).toBe('x =\n  p:\n  f [\n    a\n    b\n  ];');
  });

  test('let is always on several lines', () => {
    expect(binding(letIn([assign('a', name('b'))], name('a')))).toBe('x =\n  let\n    a = b;\n  in\n  a;');
  });

  test('lines are indented, empty ones are empty', () => {
    const shell = lines([printStringText('one'), printInterpolation(name('a'))]);
    expect(binding(shell)).toBe(["x = ''\n  one\n  ", "{a}\n'';"].join('$'));
  });
});

describe('parameters', () => {
  test('stay on one line when they are few and plain', () => {
    expect(`${printParameters([{ name: 'a' }, { name: 'b' }], { ellipsis: true })}`).toBe('{ a, b, ... }');
  });

  test('have a line each when they are more, or have defaults', () => {
    const many = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    expect(`${printParameters(many, { ellipsis: true, indent: 2 })}`).toBe(
      '{\n    a,\n    b,\n    c,\n    ...\n  }',
    );
    expect(`${printParameters([{ name: 'a', default: call(name('f'), text('b')) }])}`).toBe(
      '{\n  a ? f "b",\n}',
    );
  });
});

test('a comment is closed by its line, whatever its text', () => {
  expect(`${printComment(['a\nb', '', '  c'], 2)}`).toBe('# a b\n  #\n  #   c');
});

test('a variable that is none is a mistake of ours', () => {
  expect(() => printNix(name('a b'))).toThrow(TypeError);
  expect(() => printBinding(inherit('if'), 0)).toThrow(TypeError);
  expect(() => printStringText('$')).toThrow(TypeError);
});
