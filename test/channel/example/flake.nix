{
  description = "Development environment";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    inputs:
    let
      inherit (inputs.nixpkgs) lib;
      forEachSystem = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
      environmentFor =
        system:
        import ./shell.nix {
          inherit system;
          inherit (inputs) nixpkgs;
        };
    in
    {
      devShells = forEachSystem (system: (environmentFor system).shells);
      packages = forEachSystem (system: (environmentFor system).packages);
      formatter = forEachSystem (system: inputs.nixpkgs.legacyPackages.${system}.nixfmt);
    };
}
