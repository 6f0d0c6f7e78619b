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
  # The packages of a set, and those of the sets in it
  nested =
    prefix: set:
    lib.concatMapAttrs (
      name: value:
      if isPackage value then
        { "${prefix}.${name}" = value; }
      else if lib.isAttrs value && !lib.isDerivation value then
        nested "${prefix}.${name}" value
      else
        { }
    ) set;
  below =
    path:
    lib.optionalAttrs (lib.hasAttrByPath path pkgs) (
      nested (lib.concatStringsSep "." path) (lib.attrByPath path { } pkgs)
    );
in
lib.mapAttrs (_: describe) (
  lib.filterAttrs (_: isPackage) (removeAttrs pkgs [ "pkgs" ])
  // lib.foldl' (found: prefix: found // below prefix) { } [
    [ "xorg" ]
    [ "python3Packages" ]
    [ "lua54Packages" ]
    [
      "php84"
      "packages"
    ]
    [ "beam" ]
    [ "haskell" ]
    [ "ocaml-ng" ]
  ]
  // lib.optionalAttrs (pkgs ? libpq) {
    "libpq.pg_config" = pkgs.libpq.pg_config // { inherit (pkgs.libpq) version; };
  }
)
