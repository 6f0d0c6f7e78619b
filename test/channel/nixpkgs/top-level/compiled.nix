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
  when = deb: attrs: lib.optionalAttrs (suite.has deb) attrs;
in
when "ocaml" (
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
