/** Manifests whose dependencies can be read, whether or not their ecosystem is one of nidify's. */
export const manifestNames = [
  ...(['package.json', 'pyproject.toml', 'Pipfile', 'go.mod', 'Cargo.toml'] as const),
  ...(['composer.json', 'pubspec.yaml', 'pom.xml', 'build.gradle', 'build.gradle.kts'] as const),
  ...(['libs.versions.toml', 'MODULE.bazel', 'build.sbt', 'Dependencies.scala', 'build.sc'] as const),
  ...(['build.mill', 'project.clj', 'deps.edn', 'Directory.Packages.props'] as const),
  ...(['Directory.Build.props', 'Gemfile', 'gems.rb', 'mix.exs', 'package.yaml', 'CMakeLists.txt'] as const),
] as const;

export const manifestEndings = ['.csproj', '.fsproj', '.vbproj', '.gemspec', '.cabal'] as const;
