// Compiles catalogue/ into src/catalogue/data/. `--check`: writes nothing, exits 1 when it would.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';
import { render } from './render.mjs';
import { readSources } from './sources.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const target = new URL('../../src/catalogue/data/', import.meta.url);

let files;
try {
  files = render(compile(await readSources(root)));
} catch (error) {
  console.error(`catalogue: ${error.message}`);
  process.exit(1);
}
const present = await readdir(target).catch(() => []);
const stale = present.filter((name) => !files.has(name));
const changed = [];
for (const [name, text] of files) {
  const old = await readFile(new URL(name, target), 'utf8').catch(() => null);
  if (old !== text) changed.push(name);
}

if (process.argv.includes('--check')) {
  if (changed.length + stale.length > 0) {
    console.error(
      `src/catalogue/data is stale (${[...changed, ...stale].join(', ')}): npm run catalogue:build`,
    );
    process.exitCode = 1;
  }
} else {
  for (const name of changed) await writeFile(new URL(name, target), files.get(name));
  for (const name of stale) await rm(new URL(name, target));
  console.log(changed.length + stale.length === 0 ? 'nothing changed' : `wrote ${changed.join(', ')}`);
}
