# More compilers, under nixpkgs' names.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  elsewhere = debian.suites.bookworm;
  when = deb: attrs: lib.optionalAttrs (suite.has deb) attrs;
in
# Debian 13 has no Nim.
lib.optionalAttrs (elsewhere.has "nim") {
  nim = dress {
    pname = "nim";
    version = elsewhere.versionOf "nim";
    drv = elsewhere.unitOf "nim";
  };
  nimble = dress {
    pname = "nimble";
    version = elsewhere.versionOf "nim";
    drv = pkgs.runCommandLocal "nimble" { } ''
      mkdir -p $out/bin
      ln -s ${elsewhere.unitOf "nim"}/bin/nimble $out/bin/nimble
    '';
  };
}
// when "ghc" (
  let
    ghc = dress {
      pname = "ghc";
      version = suite.versionOf "ghc";
      drv = suite.unitOf "ghc";
    };
  in
  {
    inherit ghc;
    haskell.compiler."ghc${
      lib.replaceStrings [ "." ] [ "" ] (lib.versions.majorMinor (suite.versionOf "ghc"))
    }" =
      ghc;
    cabal-install = dress {
      pname = "cabal-install";
      version = suite.versionOf "cabal-install";
      drv = suite.unitOf "cabal-install";
      meta.mainProgram = "cabal";
    };
  }
)
// when "ocaml" (
  let
    ocaml = dress {
      pname = "ocaml";
      version = suite.versionOf "ocaml";
      drv = suite.unitOf "ocaml";
    };
    dune_3 = dress {
      pname = "dune";
      version = suite.versionOf "ocaml-dune";
      drv = suite.unitOf "ocaml-dune";
    };
    packages = {
      inherit ocaml dune_3;
    };
  in
  {
    inherit ocaml dune_3;
    ocamlPackages = packages;
    ocaml-ng."ocamlPackages_${
      lib.replaceStrings [ "." ] [ "_" ] (lib.versions.majorMinor (suite.versionOf "ocaml"))
    }" =
      packages;
  }
)
