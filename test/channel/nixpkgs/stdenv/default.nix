# stdenv: the shell, the basic tools, a compiler (or none), and the script that sets an environment up.
{
  lib,
  system,
  debian,
  config,
}:
let
  shellPackage = debian.base.unitOf "bash";
  shell = "${shellPackage}/bin/bash";
  tools = map debian.base.unitOf [
    "coreutils"
    "findutils"
    "diffutils"
    "sed"
    "grep"
    "gawk"
    "tar"
    "gzip"
    "bzip2"
    "make"
    "bash"
    "patch"
    "xz-utils"
    "file"
  ];
  platform = import ./platform.nix { inherit lib system; };

  makeStdenv =
    {
      name,
      cc ? null,
    }:
    let
      self =
        derivation {
          inherit name system shell;
          builder = shell;
          args = [
            "-e"
            ./make-setup.sh
          ];
          PATH = "${debian.base.unitOf "coreutils"}/bin";
          initialPath = tools;
          defaultNativeBuildInputs = [
            (debian.suites.bookworm.unitOf "patchelf")
          ]
          ++ lib.optional (cc != null) cc;
          parts = [
            ./setup.sh
            ./phases.sh
          ];
        }
        // {
          inherit
            cc
            shell
            shellPackage
            system
            ;
          initialPath = tools;
          hasCC = cc != null;
          hostPlatform = platform;
          buildPlatform = platform;
          targetPlatform = platform;
          inherit (platform) isLinux isDarwin;
          mkDerivation = import ./make-derivation.nix {
            inherit lib config;
            stdenv = self;
          };
          override = changes: makeStdenv ({ inherit name cc; } // changes);
        };
    in
    self;
in
rec {
  inherit makeStdenv;
  stdenvNoCC = makeStdenv { name = "stdenv-linux-nocc"; };
  # the C compiler's own derivation is made without a compiler
  withCompiler =
    cc:
    makeStdenv {
      name = "stdenv-linux";
      inherit cc;
    };
}
