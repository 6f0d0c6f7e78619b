# As in nixpkgs: a function from system, config and overlays to the package set.
# Every system can be evaluated, only x86_64-linux can be built.
{
  localSystem ? {
    system = builtins.currentSystem;
  },
  system ? localSystem.system or localSystem,
  crossSystem ? null,
  config ? { },
  overlays ? [ ],
  ...
}@args:
let
  lib = import ./lib;
  packages =
    final:
    import ./top-level {
      inherit lib system;
      pkgs = final;
      config = if builtins.isFunction config then config { pkgs = final; } else config;
      reimport = changes: import ./. (args // changes);
      inherit overlays;
    };
in
lib.fix (lib.foldl' (lib.flip lib.extends) packages overlays)
