/** 200 values that mean something to shells, options, lists and terminals; the same ones every time. No NUL. */
export function hostileValues(): string[] {
  const values = new Set(whole);
  let state = 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return parts[state % parts.length] ?? '';
  };
  while (values.size < 200) values.add([next(), next(), next()].join(values.size % 2 === 0 ? '' : 'a'));
  return [...values];
}

const parts = [
  ...['$(touch pwned)', '`touch pwned`', ';touch pwned;', '|touch pwned', '&&touch pwned', '"', "'", '\n'],
  ...[
    '--',
    '-n',
    '\\',
    ' ',
    '\t',
    '*',
    '?',
    '${HOME}',
    '$PATH',
    '&',
    '=',
    '%s',
    '{}',
    '!',
    '#',
    '~',
    '<',
    '>',
  ],
  ...['\u001b[2J', '\u001b]0;owned\u0007', '\r', '\u007f', 'é', '\u202e', '👍', '\u200b'],
];

const whole = [
  ...['', ' ', '-', '--', '--option', '--help', '--sandbox', '--setenv', '--bind', '--args', '-C', '-c', '3'],
  ...[
    ';rm -rf pwned',
    '$(touch pwned)',
    '"; touch pwned; "',
    "'; touch pwned; '",
    "$'\\x41'",
    '\\\n',
    '\n\n',
  ],
  ...["'\"'\"'", '() { :; }; touch pwned', '%n%s%p', '[[ -e / ]]', '((1))'],
  ...[
    '\u001b[201~touch pwned\r',
    'x'.repeat(100_000),
    `${'\'"'.repeat(5000)}`,
    'e\u0301',
    '\ufeff',
    '\u{10ffff}',
  ],
];
