# Node.js as its own makers build it, and what comes from npm's registry.
{
  lib,
  system,
  debian,
  set,
  pkgs,
  dress,
  npm,
  fetchNpm,
  ...
}:
let
  suite = debian.base;
  isNode = key: builtins.match "nodejs_[0-9]+" key != null;

  # builder: a script for busybox that gets the unpacked package in $source
  make =
    script: args:
    derivation (
      {
        inherit system;
        builder = "${debian.busybox}/bin/busybox";
        args = [
          "sh"
          "-e"
          script
        ];
        bash = suite.unitOf "bash";
        glibc = suite.unitOf "libc6";
        libstdcxx = suite.unitOf "libstdc++6";
        inherit (debian) patchelf;
      }
      // args
    );

  node =
    key:
    dress {
      attribute = key;
      pname = "nodejs";
      inherit (npm.${key}) version;
      meta.mainProgram = "node";
      passthru = {
        python = pkgs.python3;
        libv8 = throw "this channel has no libv8";
      };
      drv = make ../debian/node.sh {
        name = "nodejs-${npm.${key}.version}";
        source = fetchNpm key;
        # the npm that comes with it
        npm = fetchNpm (if lib.versionAtLeast npm.${key}.version "24" then "npm_11" else "npm_10");
        coreutils = suite.unitOf "coreutils";
        setupHook = ./node-hook.sh;
      };
    };

  # a program in JavaScript: its commands, and the file behind each
  script =
    key: pname: commands:
    lib.optionalAttrs (npm ? ${key}) {
      ${key} = dress {
        inherit pname;
        attribute = key;
        inherit (npm.${key}) version;
        meta.mainProgram = lib.head (lib.attrNames commands);
        drv = make ../debian/npm-script.sh {
          name = "${pname}-${npm.${key}.version}";
          source = fetchNpm key;
          nodejs = pkgs.nodejs;
          inherit pname;
          commands = lib.mapAttrsToList (command: file: "${command}=${file}") commands;
        };
      };
    };

  # a program in machine code
  binary =
    key: file:
    lib.optionalAttrs (npm ? ${key}) {
      ${key} = dress {
        pname = key;
        inherit (npm.${key}) version;
        drv = make ../debian/npm-binary.sh {
          name = "${key}-${npm.${key}.version}";
          source = fetchNpm key;
          inherit file;
          command = key;
        };
      };
    };

  # every package of the lock is from one registry
  registry = lib.head (builtins.match "(.*)/npm/-/.*" npm.npm_10.url);
  npmPackages = pkgs.callPackage ../build-support/npm-package.nix {
    fetchLocked =
      { url, hash }:
      import ../debian/fetch.nix { inherit lib; } {
        inherit hash;
        url = lib.replaceStrings [ "https://registry.npmjs.org" ] [ registry ] url;
      };
  };

  pnpmLines = lib.filter (key: npm ? ${key}) [
    "pnpm_8"
    "pnpm_9"
    "pnpm_10"
  ];
  pnpmCommands = {
    pnpm = "bin/pnpm.cjs";
    pnpx = "bin/pnpx.cjs";
  };
in
lib.genAttrs (lib.filter isNode (lib.attrNames npm)) node
// {
  inherit (npmPackages) buildNpmPackage importNpmLock;
  nodejs = pkgs.${set.nodejs};
  nodejs-slim = pkgs.${set.nodejs};
  pnpm = pkgs.${lib.last pnpmLines};
}
// lib.concatMapAttrs (name: commands: script name "pnpm" commands) (lib.genAttrs pnpmLines (_: pnpmCommands))
// script "yarn" "yarn" { yarn = "bin/yarn.js"; }
// script "yarn-berry" "yarn-berry" { yarn = "bin/yarn.js"; }
// binary "bun" "bin/bun"
// binary "deno" "deno"
