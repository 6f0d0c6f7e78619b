/**
 * `node scripts/survey.mjs [--each N] [--seed TEXT] [--keep DIR] [--misses]`: analyses the upstream sources of packages of
 * Debian, which others wrote, and says for how many the plan has the language that Debian builds them with.
 *
 * The language is known by the debhelper add-on that the package is built with (`dh-golang`, `gem2deb` …). A plan counts
 * as right when one of its projects or toolchains is of that language. Packages are chosen by a hash of the seed and
 * their name: the same seed gives the same ones as long as the archive has them.
 *
 * Needs `curl`, `xz` and `tar`; DEBIAN_MIRROR names a mirror, DEBIAN_SUITE a release.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { analyze } from '../dist/index.js';

const { values } = parseArgs({
  options: {
    each: { type: 'string', default: '10' },
    seed: { type: 'string', default: 'nidify' },
    keep: { type: 'string' },
    misses: { type: 'boolean', default: false },
  },
});
const mirror = process.env.DEBIAN_MIRROR ?? 'https://deb.debian.org/debian';
const suite = process.env.DEBIAN_SUITE ?? 'bookworm';
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const work = values.keep === undefined ? mkdtempSync(path.join(tmpdir(), 'nidify-survey-')) : values.keep;

/** Add-ons of debhelper, and the languages of which one is expected. */
const groups = [
  { name: 'Go', sign: /\bdh-golang\b/, languages: ['go'] },
  { name: 'Rust', sign: /\bdh-cargo\b/, languages: ['rust'] },
  { name: 'Ruby', sign: /\bgem2deb\b/, languages: ['ruby'] },
  { name: 'PHP', sign: /\bpkg-php-tools\b/, languages: ['php'] },
  { name: 'Node', sign: /\bdh-nodejs\b/, languages: ['node'] },
  { name: 'Python', sign: /\bpybuild-plugin-pyproject\b/, languages: ['python'] },
  { name: 'Maven', sign: /\bmaven-debian-helper\b/, languages: ['java', 'scala', 'kotlin'] },
  { name: 'Gradle', sign: /\bgradle-debian-helper\b/, languages: ['java', 'kotlin'] },
  { name: 'Clojure', sign: /\bleiningen\b/, languages: ['clojure', 'java'] },
  { name: 'Haskell', sign: /\bhaskell-devscripts\b/, languages: ['haskell'] },
  { name: 'OCaml', sign: /\bdh-ocaml\b/, languages: ['ocaml'] },
  { name: 'Erlang', sign: /\bdh-rebar\b|\brebar3?\b/, languages: ['erlang', 'elixir'] },
  { name: 'R', sign: /\bdh-r\b/, languages: ['r'] },
  { name: 'Perl', sign: /\blibmodule-build-perl\b|\blibtest-more-perl\b/, languages: ['perl'] },
  { name: 'Lua', sign: /\bdh-lua\b/, languages: ['lua', 'c', 'cpp'] },
  { name: 'Nim', sign: /\bdh-nim\b|\bnim\b/, languages: ['nim'] },
  { name: 'Ada', sign: /\bdh-ada-library\b|\bgprbuild\b/, languages: ['ada'] },
  { name: 'Fortran', sign: /\bdh-fortran-mod\b/, languages: ['fortran', 'c', 'cpp', 'python'] },
  { name: 'Vala', sign: /\bvalac\b/, languages: ['vala', 'c', 'cpp'] },
  { name: 'CMake', sign: /\bcmake\b/, languages: ['c', 'cpp', 'fortran', 'python'] },
  { name: 'Meson', sign: /\bmeson\b/, languages: ['c', 'cpp', 'vala', 'rust', 'python'] },
];

const maxBytes = 3_000_000;

function sourcesIndex() {
  const packed = path.join(work, 'Sources.xz');
  if (!existsSync(packed)) download(`dists/${suite}/main/source/Sources.xz`, packed);
  return execFileSync('xz', ['-dc', packed], { maxBuffer: 2 ** 30, encoding: 'utf8' });
}

function download(from, to) {
  const args = ['--fail', '--silent', '--location', '--max-time', '120', '--output', to, `${mirror}/${from}`];
  return spawnSync('curl', args).status === 0;
}

/** Name, folder in the archive, upstream's tarball, and what it is built with. */
function* packages(index) {
  for (const paragraph of index.split('\n\n')) {
    const field = (name) =>
      new RegExp(`^${name}:(?<value>.*(?:\\n[ \\t].*)*)`, 'm').exec(paragraph)?.groups?.value.trim() ?? '';
    const file = /^ ?(?:\w{64}) (?<size>\d+) (?<name>\S+\.orig\.tar\.(?:gz|xz|bz2))$/m.exec(
      field('Checksums-Sha256'),
    )?.groups;
    if (file === undefined || Number(file.size) > maxBytes) continue;
    const builtWith = ['Build-Depends', 'Build-Depends-Indep', 'Build-Depends-Arch'].map(field).join(' ');
    yield { name: field('Package'), folder: field('Directory'), file: file.name, builtWith };
  }
}

/** Where the sources lie; null where the archive does not have them any more. */
function fetched({ name, folder, file }) {
  const to = path.join(work, 'sources', name);
  if (existsSync(to) && readdirSync(to).length > 0) return to;
  const packed = path.join(work, file);
  if (!download(`${folder}/${file}`, packed)) return null;
  mkdirSync(to, { recursive: true });
  spawnSync('tar', ['-xf', packed, '-C', to, '--strip-components=1', '--no-same-owner']);
  rmSync(packed, { force: true });
  return to;
}

const order = (name) => createHash('sha256').update(`${values.seed}\0${name}`).digest('hex');

mkdirSync(work, { recursive: true });
const all = [...packages(sourcesIndex())].sort((a, b) => (order(a.name) < order(b.name) ? -1 : 1));
let total = 0;
let right = 0;
let failed = 0;
for (const { name: group, sign, languages } of groups) {
  const misses = [];
  let count = 0;
  for (const candidate of all) {
    if (count >= Number(values.each)) break;
    if (!sign.test(candidate.builtWith)) continue;
    const folder = fetched(candidate);
    if (folder === null) continue;
    count++;
    try {
      const plan = await analyze(folder);
      const found = [
        ...plan.toolchains.map(({ id }) => id),
        ...plan.projects.flatMap((project) => project.languages),
      ];
      if (!languages.some((language) => found.includes(language)))
        misses.push(`${candidate.name} (${found})`);
    } catch (error) {
      failed++;
      misses.push(`${candidate.name}: ${error.message}`);
    }
  }
  total += count;
  right += count - misses.length;
  process.stdout.write(`${group.padEnd(10)} ${count - misses.length}/${count}\n`);
  if (values.misses) for (const miss of misses) process.stdout.write(`           ${miss}\n`);
}
process.stdout.write(`all        ${right}/${total}, ${failed} failed\n`);
if (values.keep === undefined) rmSync(work, { recursive: true, force: true });
else process.stdout.write(`sources in ${path.relative(root, work)}\n`);
