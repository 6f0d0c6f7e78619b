# The functions of nixpkgs that make a package out of a few lines.
{
  lib,
  stdenv,
  stdenvNoCC,
  callPackage,
  shellcheck,
}:
let
  runners = import ./run-command.nix { inherit lib stdenv stdenvNoCC; };
  writers = import ./writers.nix { inherit lib stdenv shellcheck runners; };
  trees = import ./trees.nix { inherit lib runners; };
in
runners
// writers
// trees
// {
  mkShell = callPackage ./mk-shell.nix { inherit stdenv; };
  mkShellNoCC = callPackage ./mk-shell.nix { stdenv = stdenvNoCC; };
}
