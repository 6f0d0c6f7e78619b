# Development environment of shop: go 1.25.4 and node 16.
#
# Written by nidify 0.1.0 from api/go.mod, legacy/.nvmrc and legacy/package-lock.json. It works
# without nidify, with Nix 2.18 or newer. To change it, write nidify.jsonc and run `nidify` again,
# or edit this file: nidify leaves an edited file alone.
#
#   nix develop               a shell with everything in it
#   nix develop .#legacy      the same for "legacy"
#   nix build .#environment   the same as a folder: `. result/activate`, `result/bin/enter COMMAND`
#   nix build .#image         a container image of it: `docker load < result`
{
  description = "Development environment of shop";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
    # node 16: insecure, asked for by legacy/.nvmrc:1
    nixpkgs-23_05.url = "github:NixOS/nixpkgs/nixos-23.05";
  };

  outputs =
    { nixpkgs, nixpkgs-23_05, ... }:
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
          inherit system nixpkgs nixpkgs-23_05;
        }
      );
    in
    {
      devShells = forEachSystem (system: environments.${system}.shells);
      packages = forEachSystem (system: environments.${system}.packages);
    };
}
