{
  description = "A stand-in for nixpkgs: real programs, repackaged from Debian and from npm's registry";

  outputs =
    { self }:
    let
      lib = import ./lib;
    in
    {
      inherit lib;
      legacyPackages = lib.genAttrs lib.systems.flakeExposed (system: import ./. { inherit system; });
    };
}
