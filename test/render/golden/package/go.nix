# shop itself, built and tested in the sandbox by Nix: what `nix build` makes.
#
# Written by nidify 0.1.0 from package.json. It works without nidify, with Nix 2.18 or newer. To
# change it, write nidify.jsonc and run `nidify` again, or edit this file: nidify leaves an edited
# file alone.
{
  lib,
  buildGoModule,
  go_1_25,
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
(buildGoModule.override { go = go_1_25; }) {
  pname = "shop";
  version = "0";
  inherit src doCheck;

  # Nothing is fetched: the modules are in the folder vendor, or there are none.
  vendorHash = null;
}
