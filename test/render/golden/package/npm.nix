# shop itself, built and tested in the sandbox by Nix: what `nix build` makes.
#
# Written by nidify 0.1.0 from package.json. It works without nidify, with Nix 2.18 or newer. To
# change it, write nidify.jsonc and run `nidify` again, or edit this file: nidify leaves an edited
# file alone.
{
  lib,
  buildNpmPackage,
  importNpmLock,
  nodejs_22,
  doCheck ? false,
}:
let
  # The files that are built: without Git's and what was installed or built beside them, without variables that
  # may be secrets, and without what nidify writes, so that another environment is no other package.
  src = lib.cleanSourceWith {
    name = "shop-source";
    src = ./.;
    filter =
      path: type:
      let
        name = baseNameOf path;
        fromRoot = lib.removePrefix (toString ./. + "/") path;
      in
      !(
        lib.elem name [
          ".direnv"
          ".env"
          ".git"
          "node_modules"
        ]
        || lib.hasPrefix ".env." name
        || lib.elem fromRoot [
          ".devcontainer"
          ".envrc"
          ".nidify"
          "flake.lock"
          "flake.nix"
          "nidify.jsonc"
          "nidify.lock"
          "package.nix"
          "services.nix"
          "shell.nix"
          "target"
        ]
        || (type == "symlink" && lib.hasPrefix "result" name)
      );
  };
in
buildNpmPackage {
  pname = "shop";
  version = "1.2.0";
  inherit src;
  nodejs = nodejs_22;

  # Every package by the hash that package-lock.json has of it.
  npmDeps = importNpmLock { npmRoot = ./.; };
  # Else native modules would be compiled for the default Node.js of nixpkgs.
  npmConfigHook = importNpmLock.hooks.npmConfigHook.override { nodejs = nodejs_22; };
  # Asked for what is to be installed, npm would run scripts again that expect a working copy.
  npmPackFlags = [ "--ignore-scripts" ];

  inherit doCheck;
  checkPhase = ''
    runHook preCheck
    npm test
    runHook postCheck
  '';
}
