# Development environment of shop: node 22.22 and pnpm 10.
#
# Written by nidify 0.1.0 from package.json. It works without nidify, with Nix 2.18 or newer. To
# change it, write nidify.jsonc and run `nidify` again, or edit this file: nidify leaves an edited
# file alone.
#
#   nix develop               a shell with everything in it
#   nix build .#environment   the same as a folder: `. result/activate`, `result/bin/enter COMMAND`
#   nix build                 the project itself, built in the sandbox
#   nix flake check           its tests, in the sandbox
#   nix build .#image         a container image of it: `docker load < result`
#   nix fmt                   format Nix files
{
  description = "Development environment of shop";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  };

  outputs =
    { nixpkgs, ... }:
    let
      forEachSystem = nixpkgs.lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      # shell.nix defines the environments; the flake gives it its inputs.
      environments = forEachSystem (
        system:
        import ./shell.nix {
          inherit system nixpkgs;
        }
      );
    in
    {
      devShells = forEachSystem (system: environments.${system}.shells);
      packages = forEachSystem (system: environments.${system}.packages);
      checks = forEachSystem (system: environments.${system}.checks);
      formatter = forEachSystem (system: environments.${system}.formatter);
    };
}
