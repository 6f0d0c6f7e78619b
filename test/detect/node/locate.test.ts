import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOfKey, offsetOfKey } from '../../../src/detect/node/locate.ts';
import { parseJson } from '../../../src/parse/json.ts';

const manifest = `{
  "name": "shop",
  "scripts": { "engines": "node", "quoted \\" brace }": "x" },
  "engines": {
    "npm": ">=8",
    "node": ">=18"
  }
}`;

describe('lineOfKey', () => {
  it('finds a nested key, not a key or a text of the same name elsewhere', () => {
    expect(lineOfKey(manifest, ['engines', 'node'])).toBe(6);
    expect(lineOfKey(manifest, ['scripts', 'engines'])).toBe(3);
  });

  it('gives the nearest parent where the key is missing, else the first line', () => {
    expect(lineOfKey(manifest, ['engines', 'yarn'])).toBe(4);
    expect(lineOfKey(manifest, ['volta', 'node'])).toBe(1);
  });

  it('reads escaped keys as JSON does', () => {
    expect(lineOfKey('{\n"n\\u006fde": 1}', ['node'])).toBe(2);
  });

  it('says where the tree of a parser says that any key stands', () => {
    const values = fc.dictionary(fc.string({ minLength: 1 }), fc.dictionary(fc.string(), fc.jsonValue()));
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value, null, 2);
        const parsed = parseJson(text);
        if (!('document' in parsed)) throw new Error('not parsed');
        for (const [outer, inner] of Object.entries(value)) {
          for (const key of Object.keys(inner)) {
            expect(lineOfKey(text, [outer, key])).toBe(parsed.document.line([outer, key]));
          }
        }
      }),
    );
  });

  it('ends on any text, JSON or not', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', ' ', '\n') }),
        (text) => {
          const offset = offsetOfKey(text, ['a', 'a']);
          expect(offset === null || offset < text.length).toBe(true);
        },
      ),
    );
  });
});
