/** Packages of a distribution by the names that the catalogue has rows for. */

import type { Catalogue } from '../../catalogue/types.ts';
import { addTo } from '../../grouped.ts';
import type { Evidence } from '../../plan/schema.ts';
import { findingNeed } from '../shared/finding.ts';
import type { DependencyNeed, Need } from '../types.ts';

const isPackage = (need: Need): need is DependencyNeed =>
  need.kind === 'dependency' && need.ecosystem === 'apt';

/** Whether any need is a package of a distribution: only then the catalogue's table of them is read. */
export function hasPackages(needs: readonly Need[]): boolean {
  return needs.some(isPackage);
}

const maxNames = 60;
const maxEvidence = 20;

/** The needs with the names that the catalogue has rows for; of those that it has none for, one finding. */
export function mapped(needs: readonly Need[], names: Catalogue['nativeNames']['apt']): Need[] {
  const unknown = new Map<string, Evidence[]>();
  const toolchains = new Set(needs.flatMap((need) => (need.kind === 'toolchain' ? [need.id] : [])));
  const known = needs.flatMap((need): Need[] => {
    if (!isPackage(need)) return [need];
    const tries = namesFor(need.name);
    const name = tries.find((each) => names.has(each));
    if (name !== undefined) return [{ ...need, name }];
    if (tries.some((each) => toolchains.has(ofToolchains.get(each) ?? ''))) return [];
    for (const because of need.because) addTo(unknown, need.name, because);
    return [];
  });
  if (unknown.size === 0) return known;
  const listed = [...unknown.keys()].slice(0, maxNames).join(', ');
  const more = unknown.size > maxNames ? ` and ${unknown.size - maxNames} more` : '';
  const places = new Map([...unknown.values()].flat().map((each) => [`${each.file}\0${each.line}`, each]));
  return [
    ...known,
    findingNeed(
      'environment-unmapped',
      'info',
      `packages of a distribution are installed that nidify has no package for: ${listed}${more}`,
      'Where they are needed, name packages of nixpkgs with "packages": { "add": [...] } in nidify.jsonc.',
      [...places.values()].slice(0, maxEvidence),
    ),
  ];
}

/** Families whose packages a toolchain has itself, where the plan has it; there is no one attribute for them. */
const ofToolchains: ReadonlyMap<string, string> = new Map([
  ['ruby', 'ruby'],
  ['php', 'php'],
  ['composer', 'php'],
  ['erlang', 'erlang'],
  ['elixir', 'elixir'],
  ['dotnet', 'dotnet'],
  ['r-base', 'r'],
  ['r-base-dev', 'r'],
  ['r-packages', 'r'],
  ['ghc', 'haskell'],
  ['cabal-install', 'haskell'],
  ['julia', 'julia'],
  ['racket', 'racket'],
]);

/**
 * Names under which a package may have a row, the most precise first: its own; without the version in it
 * (`libicu72`, `postgresql-client-15`, `python3.11-dev`); the family that it is of (`tesseract-ocr-deu`).
 */
export function namesFor(name: string): string[] {
  const short = name.slice(0, 100);
  const plain = short.replace(/t64$/, '');
  const tries = [short, plain];
  for (const [pattern, to] of families) {
    const found = plain.replace(pattern, to);
    if (found !== plain) tries.push(found);
  }
  // `libssl1.1` → `libssl`, `libpango-1.0-0` → `libpango`, `llvm-14-dev` → `llvm-dev`
  const unversioned = plain
    .replace(/-?\d[\d.]{0,20}(?:-\d{1,3})?(?:-turbo)?(?=-|$)/, '')
    .replace(/-?\d[\d.]{0,20}$/, '');
  if (unversioned !== plain && unversioned.length > 2) tries.push(unversioned);
  return [...new Set(tries)];
}

const families: readonly [RegExp, string][] = [
  [/^tesseract-ocr-.+$/, 'tesseract-ocr'],
  [/^libreoffice-.+$/, 'libreoffice'],
  [/^texlive-.+$/, 'texlive'],
  [/^(?:hunspell|aspell|myspell)-.+$/, 'hunspell'],
  [/^php\d?(?:\.\d)?-.+$/, 'php'],
  [/^php\d+-.+$/, 'php'],
  [/^php\d?(?:\.\d)?$/, 'php'],
  [/^python3(?:\.\d+)?-.+$/, 'python3-packages'],
  [/^py3-.+$/, 'python3-packages'],
  [/^python3\.\d+$/, 'python3'],
  [/^ruby\d?(?:\.\d)?(?:-dev|-full)?$/, 'ruby'],
  [/^(?:openjdk|temurin)-?(\d+)(?:-.+)?$/, 'openjdk-$1'],
  [/^(?:openjdk|temurin)-?\d+(?:-.+)?$/, 'openjdk'],
  [/^libpython3.*$/, 'libpython3-dev'],
  [/^erlang(?:-.+)?$/, 'erlang'],
  [/^libboost-?.*$/, 'libboost-all-dev'],
  [/^boost-?\w*-?dev$/, 'libboost-all-dev'],
  [/^dotnet-.+$/, 'dotnet'],
  [/^aspnetcore-.+$/, 'dotnet'],
  [/^postgresql-server-dev-\d+$/, 'libpq-dev'],
  [/^(?:gcc|g\+\+|cpp)-\d+$/, 'gcc-versioned'],
  [/^gstreamer1\.0-.+$/, 'gstreamer'],
  [/^libgstreamer.*$/, 'gstreamer'],
  [/^r-(?:cran|bioc)-.+$/, 'r-packages'],
  // Modules of Perl, but for this one, which is a program.
  [/^libimage-exiftool-perl$/, 'exiftool'],
  [/^lib.+-perl$/, 'perl-packages'],
];
