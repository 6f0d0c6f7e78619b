import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const query = '?text';

/** Bundler plugin: `import text from './x.nix'`, and `'./any.file?text'`, yield the file's text. */
export function texts() {
  return {
    name: 'texts',
    enforce: 'pre' as const,
    resolveId(source: string, importer?: string) {
      if (!source.endsWith(query) || importer === undefined) return null;
      return resolve(dirname(importer), source);
    },
    load(id: string) {
      if (!id.endsWith(query)) return null;
      const text = readFileSync(id.slice(0, -query.length), 'utf8');
      return { code: `export default ${JSON.stringify(text)};`, map: null, moduleType: 'js' as const };
    },
    transform(source: string, id: string) {
      if (!id.endsWith('.nix')) return null;
      return { code: `export default ${JSON.stringify(source)};`, map: null, moduleType: 'js' as const };
    },
  };
}
