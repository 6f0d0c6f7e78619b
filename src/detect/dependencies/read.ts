/** Which manifest is read by what: data. */
import type { ClaimedFile } from '../../scan/types.ts';
import { nameOf } from '../shared/tree.ts';
import type { manifestEndings, manifestNames } from './claims.ts';
import { ofClojure, ofGradle, ofPom, ofScala, ofVersionCatalog } from './jvm.ts';
import { ofCabal, ofCmake, ofGemfile, ofGemspec, ofHpack, ofMix, ofMsbuild } from './others.ts';
import { ofPipfile, ofPyproject, ofRequirements } from './python.ts';
import { ofCargo, ofComposer, ofGoMod, ofPackageJson, ofPubspec } from './tables.ts';
import type { DeclaredDependency, ReadDependencies } from './types.ts';

const byName: Readonly<Record<(typeof manifestNames)[number], ReadDependencies>> = {
  'package.json': ofPackageJson,
  'pyproject.toml': ofPyproject,
  Pipfile: ofPipfile,
  'go.mod': ofGoMod,
  'Cargo.toml': ofCargo,
  'composer.json': ofComposer,
  'pubspec.yaml': ofPubspec,
  'pom.xml': ofPom,
  'build.gradle': ofGradle,
  'build.gradle.kts': ofGradle,
  'libs.versions.toml': ofVersionCatalog,
  'MODULE.bazel': ofGradle,
  'build.sbt': ofScala,
  'Dependencies.scala': ofScala,
  'build.sc': ofScala,
  'build.mill': ofScala,
  'project.clj': ofClojure,
  'deps.edn': ofClojure,
  'Directory.Packages.props': ofMsbuild,
  'Directory.Build.props': ofMsbuild,
  Gemfile: ofGemfile,
  'gems.rb': ofGemfile,
  'mix.exs': ofMix,
  'package.yaml': ofHpack,
  'CMakeLists.txt': ofCmake,
};

const byEnding: Readonly<Record<(typeof manifestEndings)[number], ReadDependencies>> = {
  '.csproj': ofMsbuild,
  '.fsproj': ofMsbuild,
  '.vbproj': ofMsbuild,
  '.gemspec': ofGemspec,
  '.cabal': ofCabal,
};

/** Direct dependencies that a manifest declares; none of a file that is no manifest. */
export async function dependenciesOf(file: ClaimedFile): Promise<DeclaredDependency[]> {
  if (file.text === null) return [];
  const name = nameOf(file.path);
  const read =
    own(byName, name) ?? own(byEnding, name.slice(name.lastIndexOf('.'))) ?? requirementsOf(file.path);
  return read === undefined ? [] : read(file);
}

function own(table: Readonly<Record<string, ReadDependencies>>, key: string): ReadDependencies | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function requirementsOf(path: string): ReadDependencies | undefined {
  return /(^|\/)(requirements[\w.-]*|[\w.-]+[-_.]requirements|requirements\/[\w.-]+)\.(txt|in)$/.test(path)
    ? ofRequirements
    : undefined;
}
