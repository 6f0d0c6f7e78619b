# Debian's gcc behind wrappers like nixpkgs': they add what NIX_CFLAGS_COMPILE and NIX_LDFLAGS say, the C
# library, and run-time paths.
{
  lib,
  system,
  debian,
}:
let
  inherit (debian.base) unitOf has;
  shell = "${unitOf "bash"}/bin/bash";
  path = lib.makeBinPath (map unitOf [
    "coreutils"
    "sed"
    "bash"
  ]);
  glibc = unitOf "libc6";
  headers = unitOf "libc6-dev";

  # a folder of scripts made from templates, in which @NAME@ stands for a variable of the derivation
  wrapper =
    attrs:
    derivation (
      {
        inherit system shell glibc headers;
        builder = shell;
        PATH = path;
      }
      // attrs
    );

  bintools =
    wrapper {
      name = "binutils-wrapper-${debian.base.versionOf "binutils"}";
      args = [
        "-e"
        ./make-bintools.sh
      ];
      binutils = unitOf "binutils";
      ldWrapper = ./ld-wrapper.sh;
      setupHook = ./bintools-hook.sh;
    };

  # libstdc++ and its like, for programs that were linked elsewhere: stdenv.cc.cc.lib
  runtime = derivation {
    name = "gcc-lib";
    inherit system;
    builder = shell;
    PATH = path;
    args = [
      "-e"
      ./make-runtime.sh
    ];
    units = map unitOf [
      "libstdc++6"
      "libgcc-s1"
      "libgomp1"
      "libatomic1"
    ];
  };

  # gcc of that line; with languages ("gfortran", "gnat") one that has their compilers beside it
  gccFor =
    languages: major:
    let
      version = debian.base.versionOf "gcc-${major}";
      unwrapped = unitOf "gcc-${major}" // {
        inherit version;
        pname = "gcc";
        lib = runtime;
      };
      self = wrapper {
        name = "gcc-wrapper-${version}";
        args = [
          "-e"
          ./make-cc.sh
        ];
        inherit bintools major languages;
        gcc = if languages == [ ] then unitOf "gcc-${major}" else tree languages major;
        libstdcxx = unitOf "libstdc++6";
        ccWrapper = ./cc-wrapper.sh;
        setupHook = if lib.elem "gfortran" languages then ./fortran-hook.sh else ./cc-hook.sh;
      };
    in
    self
    // {
      pname = "gcc-wrapper";
      inherit version bintools;
      cc = unwrapped;
      libc = glibc;
      isGNU = true;
      isClang = false;
      targetPrefix = "";
      meta = {
        mainProgram = "gcc";
        outputsToInstall = [ "out" ];
      };
    };

  gcc = gccFor [ ];

  # A compiler looks for the others beside itself
  tree =
    languages: major:
    derivation {
      name = "gcc-with-${lib.concatStringsSep "-" languages}";
      inherit system;
      builder = shell;
      PATH = path;
      args = [
        "-c"
        ''
          mkdir "$out"
          for unit in $units; do cp -Rs --no-preserve=mode "$unit/." "$out"; done
        ''
      ];
      units = map (name: unitOf "${name}-${major}") ([ "gcc" ] ++ languages);
    };

  majors = lib.filter (major: has "gcc-${major}") [
    "12"
    "13"
    "14"
    "15"
  ];
  # the gcc package of Debian is a link to the default one
  default = lib.versions.major (debian.base.versionOf "gcc");
in
{
  inherit bintools;
  gcc = gcc default;
  # of the default line
  withLanguages = languages: gccFor languages default;
  hasLanguage = language: has "${language}-${default}";
  # gcc13, gcc14 ...
  versioned = lib.listToAttrs (map (major: lib.nameValuePair "gcc${major}" (gcc major)) majors);
}
