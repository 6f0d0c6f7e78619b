/** Reads the catalogue's sources. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** @param root the repository's root */
export async function readSources(root) {
  const folder = join(root, 'catalogue');
  const read = async (path) => JSON.parse(await readFile(join(folder, path), 'utf8'));
  const files = (await readdir(join(folder, 'sources'))).filter((name) => name.endsWith('.json')).sort();
  return {
    channels: await read('channels.json'),
    attributes: await read('attributes.json'),
    evidence: await read('evidence.json'),
    ecosystems: await Promise.all(files.map((name) => read(join('sources', name)))),
  };
}
