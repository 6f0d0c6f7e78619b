/** The files of src/catalogue/data/, by name. */
export function render({ base, ecosystems }) {
  const files = new Map([['base.json', json(base)]]);
  for (const { id, data } of ecosystems) files.set(`${id}.json`, json(data));
  files.set('index.ts', index(ecosystems.map(({ id }) => id)));
  return files;
}

/** One top-level entry per line: compact, and a change is still a readable diff. */
function json(value) {
  return `${entries(value, 2)}\n`;
}

function entries(value, depth) {
  const isPlain = typeof value !== 'object' || value === null || depth === 0;
  if (isPlain) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const lines = isList
    ? value.map((each) => entries(each, depth - 1))
    : Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${entries(each, depth - 1)}`);
  if (lines.length === 0) return isList ? '[]' : '{}';
  return isList ? `[\n${lines.join(',\n')}\n]` : `{\n${lines.join(',\n')}\n}`;
}

function index(ids) {
  return `// Written by scripts/catalogue/build.mjs. The casts are checked by test/catalogue/data.test.ts.
import type { BaseData, EcosystemData } from '../data-types.ts';

export const loaders = {
  base: async () => (await import('./base.json', { with: { type: 'json' } })).default as unknown as BaseData,
  ecosystems: {
${ids
  .map(
    (id) =>
      `    ${/^[a-z]+$/.test(id) ? id : `'${id}'`}: async () =>
      (await import('./${id}.json', { with: { type: 'json' } })).default as unknown as EcosystemData,`,
  )
  .join('\n')}
  },
};
`;
}
