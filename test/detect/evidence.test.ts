import { expect, test } from 'vitest';
import { evidence } from '../../src/detect/evidence.ts';

const file = (text: string) => ({ path: 'a', blob: null, text });

test('evidence shows its line', () => {
  const three = file('one\r\ntwo\n\nfour');
  expect([1, 2, 3, 4, 5, 0].map((line) => evidence(three, line, 'x').text)).toEqual([
    ...['one', 'two', '', 'four'],
    ...['', ''],
  ]);
});

test('every line of a large file may be evidence', () => {
  const large = file('line\n'.repeat(100_000));
  const start = performance.now();
  for (let line = 1; line <= 100_000; line++) evidence(large, line, 'x');
  expect(performance.now() - start).toBeLessThan(2000);
});

test.each([
  ['"x": "API_KEY=abc npx x"', '"x": "API_KEY=(not shown) npx x"'],
  ['run --token abc --port 3', 'run --token (not shown) --port 3'],
  ['curl -H "Authorization: Bearer abcdefg" x', 'curl -H "Authorization: (not shown)" x'],
  ['curl -H \\"x: bearer abcdefg\\"', 'curl -H \\"x: bearer (not shown)\\"'],
  ['command: redis-server --requirepass abc', 'command: redis-server --requirepass (not shown)'],
  ['mysql --password=abc && x', 'mysql --password=(not shown) && x'],
  ['docker login -u me -p abc', 'docker login -u me -p (not shown)'],
  ['pip install git+https://abc@example.com/x', 'pip install git+https://(not shown)@example.com/x'],
  ['git+https://u:abc@example.com/x', '(looks like a secret: not shown)'],
  ['{"packages":["jq"],"env":{"API_KEY":"abc"}}', '{"packages":["jq"],"env":{"API_KEY":"(not shown)"}}'],
  ["{'X_KEY': 'abc'}", "{'X_KEY': '(not shown)'}"],
  ['RUN curl -H "X-Key: abc" x && apt install jq', 'RUN curl -H "X-Key: (not shown)" x && apt install jq'],
  ['a && PGPASS=abc psql', 'a && PGPASS=(not shown) psql'],
  ['- curl -u me:abc x && jq', '- curl -u me:(not shown) x && jq'],
  ['api_token = "abc"', 'api_token = (not shown)'],
  ['"engines": { "node": ">=20" }', '"engines": { "node": ">=20" }'],
  ['FROM node:22 # git@github.com:a/b', 'FROM node:22 # git@github.com:a/b'],
  ['"test": "vitest --tokens"', '"test": "vitest --tokens"'],
  ['"x": "a --token $TOKEN"', '"x": "a --token $TOKEN"'],
])('a secret in %j is not shown', (line, expected) => {
  expect(evidence(file(line), 1, 'x').text).toBe(expected);
});

test.each(['docker run -u 1000:1000 x', 'sort --primary-key=id', 'a KEY_FILE=x', 'restore-keys: x'])(
  'there is none in %j',
  (line) => {
    expect(evidence(file(line), 1, 'x').text).toBe(line);
  },
);

/** Marks of services, whatever the name of the setting. Written in parts: no scanner shall take them for real ones. */
test.each([
  ['github_pat_', 'a1'.repeat(12)],
  ['AIza', 'b2'.repeat(16)],
  ['ASIA', 'C3'.repeat(8)],
  ['npm_', 'd4'.repeat(18)],
  ['hf_', 'e5'.repeat(17)],
  ['SG.', 'f6'.repeat(11)],
])('a value that begins with %s is not shown', (mark, rest) => {
  expect(evidence(file(`x: ${mark}${rest}`), 1, 'x').text).toBe('(looks like a secret: not shown)');
  const plain = `run ${mark}config_registry`;
  expect(evidence(file(plain), 1, 'x').text).toBe(plain);
});

test('redacting costs no time on a long line', () => {
  const start = performance.now();
  for (const unit of ['token', 'login -p', '-', 'https://', 'bearer ', 'secret=', 'curl ', ' -u a', '_key']) {
    evidence(file(unit.repeat(100_000)), 1, 'x');
  }
  expect(performance.now() - start).toBeLessThan(500);
});
