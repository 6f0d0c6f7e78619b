# What a channel has, for a catalogue in tests: { attribute = { pname, version, insecure, unfree }; }
{ channel }:
let
  pkgs = import channel {
    system = "x86_64-linux";
    config = {
      allowAliases = false;
      allowInsecurePredicate = _: true;
      allowUnfreePredicate = _: true;
    };
  };
  inherit (pkgs) lib;
  isPackage = value: lib.isDerivation value && value ? version && value ? meta;
  describe = package: {
    pname = lib.getName package;
    inherit (package) version;
    insecure = package.meta.knownVulnerabilities or [ ] != [ ];
    unfree = lib.any (license: !(license.free or true)) (lib.toList package.meta.license or [ ]);
  };
  nested =
    prefix: set:
    lib.mapAttrs' (name: lib.nameValuePair "${prefix}.${name}") (lib.filterAttrs (_: isPackage) set);
in
lib.mapAttrs (_: describe) (
  lib.filterAttrs (_: isPackage) (removeAttrs pkgs [ "pkgs" ])
  // nested "xorg" pkgs.xorg
  // nested "python3Packages" pkgs.python3Packages
  // lib.optionalAttrs (pkgs ? libpq) {
    "libpq.pg_config" = pkgs.libpq.pg_config // { inherit (pkgs.libpq) version; };
  }
)
