# shop itself, built and tested in the sandbox by Nix: what `nix build` makes.
#
# Written by nidify 0.1.0 from package.json. It works without nidify, with Nix 2.18 or newer. To
# change it, write nidify.jsonc and run `nidify` again, or edit this file: nidify leaves an edited
# file alone.
{
  lib,
  rustPlatform,
  openssl,
  libpq,
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
rustPlatform.buildRustPackage {
  pname = "shop";
  version = "1.2.0";
  inherit src doCheck;

  # Every crate by the hash that Cargo.lock has of it.
  cargoLock.lockFile = ./Cargo.lock;

  buildInputs = [ openssl ];
  OPENSSL_NO_VENDOR = "1";
  OPENSSL_CONFIG = "${libpq.pg_config}/bin/pg_config";
  HOSTILE = "\${builtins.abort \"no\"} '' \"";
}
