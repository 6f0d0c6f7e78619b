# The part of nixpkgs' lib that generated environments use, under the same names and with the same results.
# As there, each function is reachable as lib.NAME and as lib.FILE.NAME.
let
  release = (builtins.fromJSON (builtins.readFile ../set.json)).release;
  parts = {
    trivial = import ./trivial.nix { inherit release; };
    lists = import ./lists.nix { inherit lib; };
    attrsets = import ./attrsets.nix { inherit lib; };
    strings = import ./strings.nix { inherit lib; };
    packages = import ./packages.nix { inherit lib; };
    customisation = import ./customisation.nix { inherit lib; };
    sources = import ./sources.nix { inherit lib; };
    meta = import ./meta.nix { inherit lib; };
  };
  lib =
    parts.trivial
    // parts.lists
    // parts.attrsets
    // parts.strings
    // parts.packages
    // parts.customisation
    // parts.sources
    // parts.meta
    // parts
    // {
      asserts = parts.trivial;
      fixedPoints = parts.trivial;
      options = { };
      systems = {
        flakeExposed = parts.meta.platforms.all;
        doubles = parts.meta.platforms;
      };
    };
in
lib
