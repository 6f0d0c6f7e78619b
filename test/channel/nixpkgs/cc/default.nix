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

  gcc =
    major:
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
        inherit bintools major;
        gcc = unitOf "gcc-${major}";
        libstdcxx = unitOf "libstdc++6";
        ccWrapper = ./cc-wrapper.sh;
        setupHook = ./cc-hook.sh;
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
  # gcc13, gcc14 ...
  versioned = lib.listToAttrs (map (major: lib.nameValuePair "gcc${major}" (gcc major)) majors);
}
