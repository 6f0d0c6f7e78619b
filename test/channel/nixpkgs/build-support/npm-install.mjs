// npm-install.mjs SHELL: what `npm pack` would publish of the project here goes to $out, with the dependencies
// that it needs when it runs, and its programs.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [shell] = process.argv.slice(2);
const { out, npmPackFlags = '' } = process.env;
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
if (!manifest.name || !manifest.version) throw new Error('npm packs nothing without a name and a version');
const target = join(out, 'lib/node_modules', manifest.name);
const npm = (...args) =>
  execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

const flags = npmPackFlags.split(' ').filter((flag) => flag !== '');
const [{ files }] = JSON.parse(npm('pack', '--json', '--dry-run', ...flags));
for (const { path } of files) {
  mkdirSync(dirname(join(target, path)), { recursive: true });
  cpSync(path, join(target, path));
}
npm('prune', '--omit=dev', '--no-save', '--ignore-scripts');
if (existsSync('node_modules')) cpSync('node_modules', join(target, 'node_modules'), { recursive: true });

const { bin = {}, name } = manifest;
const programs = typeof bin === 'string' ? { [name.split('/').at(-1)]: bin } : bin;
for (const [program, file] of Object.entries(programs)) {
  const wrapper = join(out, 'bin', program);
  mkdirSync(dirname(wrapper), { recursive: true });
  writeFileSync(wrapper, `#!${shell}\nexec ${process.execPath} ${join(target, file)} "$@"\n`);
  chmodSync(wrapper, 0o755);
}
