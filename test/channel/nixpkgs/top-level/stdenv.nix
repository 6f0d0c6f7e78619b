# stdenv with its compilers, and the functions that need it.
{
  lib,
  system,
  debian,
  pkgs,
  compilers,
  withCompiler,
  stdenvNoCC,
  ...
}:
let
  stdenv = withCompiler compilers.gcc;
  closureInfo = import ../build-support/closure-info.nix {
    inherit system;
    inherit (stdenv) shell;
    path = lib.makeBinPath [
      pkgs.coreutils
      pkgs.jq
    ];
  };
in
{
  inherit stdenv stdenvNoCC closureInfo;
  inherit (compilers) gcc;
  bintools = compilers.bintools;
  overrideCC = stdenv: cc: withCompiler cc;
  gccStdenv = stdenv;
  dockerTools = import ../build-support/docker.nix {
    inherit lib pkgs closureInfo;
    inherit (stdenv) shell;
  };
  runtimeShell = stdenv.shell;
  runtimeShellPackage = pkgs.bash;
  fetchurl = import ../build-support/fetchurl.nix { inherit lib; };
  busyboxSeed = debian.busybox;
}
// lib.optionalAttrs (compilers.hasLanguage "gfortran") {
  gfortran = compilers.withLanguages [ "gfortran" ];
}
// lib.optionalAttrs (compilers.hasLanguage "gnat") {
  gnat = compilers.withLanguages [ "gnat" ];
}
// compilers.versioned
// lib.mapAttrs' (name: cc: lib.nameValuePair "${name}Stdenv" (withCompiler cc)) compilers.versioned
// import ../build-support {
  inherit
    lib
    stdenv
    stdenvNoCC
    ;
  inherit (pkgs) callPackage shellcheck;
}
