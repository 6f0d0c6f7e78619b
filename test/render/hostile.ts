/** Texts that break out of careless quoting, in Nix, shell, JSON and comments. */
import fc from 'fast-check';
import { isPrintable } from '../../src/text/printable.ts';

const classics = [
  "''${",
  '"; rm -rf /',
  `\${builtins.readFile "/etc/passwd"}`,
  '$(touch canary)',
  '`touch canary`',
  "'; touch canary; '",
  '*/ builtins.abort "x" /*',
  '# comment\r\nbuiltins.abort "x"',
  '"; } // { a = "',
  '\u2028builtins.abort "x"\u2029',
  '\u202e evil',
  '\ufeff',
  '{{description}} {{#each x}}',
  '$${x}',
  '$',
  "'''",
  'x\\',
  '--option',
  '~/a b',
  '__proto__',
  '',
  '👩‍👩‍👧 ',
  'long '.repeat(4000),
];

const pieces = [
  ...['$', '{', '}', '\\', '"', "'", "''", '${', "''${", '\n', '\r', '\t', '\r\n', ' ', '#', '/*', '*/'],
  ...[
    '$$',
    '\\n',
    'é',
    '😀',
    '\u2028',
    '\u0085',
    '\ufeff',
    '\uffff',
    '%',
    '`',
    '$(id)',
    ';',
    '0',
    '-',
    '=',
    'a',
  ],
];

/** Other texts at each run; `SEED` brings those of an earlier one back. */
export const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

/** As many values as asked for. */
export const sampled = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number): T[] =>
  fc.sample(arbitrary, { numRuns, seed });

/** Any text that a plan may carry. */
export const hostile = fc
  .oneof(
    { weight: 2, arbitrary: fc.constantFrom(...classics) },
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join('')),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  )
  .filter(isPrintable);
