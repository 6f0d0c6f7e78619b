/** The hosts of package registries, by the name that `--network` takes. */
export const registryHosts: Readonly<Record<string, readonly string[]>> = {
  // Yarn's lock files name the same packages by a name of Yarn's own.
  npm: ['registry.npmjs.org', 'registry.yarnpkg.com'],
  pypi: ['pypi.org', 'files.pythonhosted.org'],
  crates: ['index.crates.io', 'static.crates.io', 'crates.io'],
  go: ['proxy.golang.org', 'sum.golang.org'],
  rubygems: ['rubygems.org', 'index.rubygems.org'],
  maven: ['repo.maven.apache.org', 'repo1.maven.org'],
  packagist: ['repo.packagist.org', 'packagist.org'],
  nuget: ['api.nuget.org'],
  deno: ['jsr.io', 'deno.land', 'esm.sh'],
  hackage: ['hackage.haskell.org', 'casa.stackage.org', 'www.stackage.org'],
  opam: ['opam.ocaml.org'],
  conan: ['center2.conan.io', 'center.conan.io'],
  // Mix's own downloads: https://hexdocs.pm/mix/Mix.Tasks.Local.Rebar.html#module-mirrors
  hex: ['repo.hex.pm', 'hex.pm', 'builds.hex.pm'],
  cran: ['cloud.r-project.org', 'cran.r-project.org', 'packagemanager.posit.co', 'bioconductor.org'],
  julia: ['pkg.julialang.org', 'us-east.pkg.julialang.org', 'eu-central.pkg.julialang.org'],
  conda: ['conda.anaconda.org', 'repo.anaconda.com', 'repo.prefix.dev'],
  cpan: ['cpan.metacpan.org', 'fastapi.metacpan.org', 'cpanmetadb.plackperl.org', 'www.cpan.org'],
  luarocks: ['luarocks.org'],
  // The catalogs that a release asks: https://docs.racket-lang.org/pkg/catalog-protocol.html
  racket: ['pkgs.racket-lang.org', 'download.racket-lang.org', 'planet-compats.racket-lang.org'],
  github: ['github.com', 'api.github.com', 'codeload.github.com', 'objects.githubusercontent.com'],
};
