import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folder of the package that a module belongs to; null for the project's own. */
function packageFolder(id: string): string | null {
  const at = id.lastIndexOf(`${path.sep}node_modules${path.sep}`);
  if (at === -1) return null;
  const [first = '', second = ''] = id.slice(at + '/node_modules/'.length).split(path.sep);
  return path.join(id.slice(0, at), 'node_modules', first, first.startsWith('@') ? second : '');
}

function notice(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((each) => /^(licen[cs]e|copying)/i.test(each));
  const text = file === undefined ? '' : `\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  return `## ${name} ${version} (${license})\n${text}`;
}

/** Bundler plugin: ships the licences of all that was bundled. */
export function licences() {
  return {
    name: 'third-party-licences',
    generateBundle(
      this: { emitFile(file: { type: 'asset'; fileName: string; source: string }): unknown },
      _options: unknown,
      bundle: Record<string, { type: string; moduleIds?: string[] }>,
    ) {
      const folders = new Set<string>();
      for (const output of Object.values(bundle)) {
        for (const id of output.moduleIds ?? []) {
          const folder = packageFolder(id.replace(/^\0/, '').replace(/\?.*$/, ''));
          if (folder !== null && existsSync(path.join(folder, 'package.json'))) folders.add(folder);
        }
      }
      if (folders.size === 0) return;
      const source = `# Licences of bundled packages\n\n${[...folders].sort().map(notice).join('\n')}`;
      this.emitFile({ type: 'asset', fileName: 'THIRD-PARTY-LICENSES.md', source });
    },
  };
}
