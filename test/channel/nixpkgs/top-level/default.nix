# The package set. An attribute exists when the lock has what it is made of: ../../sets says what that is.
{
  lib,
  system,
  config,
  pkgs,
  overlays,
  reimport,
}:
let
  debian = import ../debian { inherit lib system; };
  set = builtins.fromJSON (builtins.readFile ../set.json);
  compilers = import ../cc { inherit lib system debian; };
  stdenvs = import ../stdenv {
    inherit
      lib
      system
      debian
      config
      ;
  };
  checkMeta = import ../stdenv/check-meta.nix { inherit lib config; };

  # Makes a package as nixpkgs has them of a bare derivation.
  dress =
    {
      pname,
      version,
      drv,
      attribute ? pname,
      meta ? { },
      passthru ? { },
    }:
    let
      name = "${pname}-${version}";
      described = {
        inherit pname version name;
        meta = {
          inherit name;
          mainProgram = pname;
          license = lib.licenses.free;
          outputsToInstall = [ "out" ];
          position = "pkgs/top-level/${attribute}.nix:1";
        }
        // lib.optionalAttrs (set.insecure ? ${attribute}) {
          knownVulnerabilities = set.insecure.${attribute};
        }
        // meta;
      };
      self = lib.extendDerivation (checkMeta described) (
        passthru
        // described
        // {
          inherit passthru;
          # Debian's packages come as they are: there is nothing to override
          override = _: self;
          overrideAttrs = _: self;
        }
      ) drv;
    in
    self;

  scope = {
    inherit
      lib
      system
      debian
      set
      pkgs
      dress
      compilers
      ;
    inherit (stdenvs) withCompiler stdenvNoCC;
    fetchNpm =
      key:
      import ../debian/fetch.nix { inherit lib; } {
        inherit (npm.${key}) url;
        hash = npm.${key}.integrity;
      };
    inherit npm;
  };
  npm = builtins.fromJSON (builtins.readFile ../npm.json);

  parts =
    import ./stdenv.nix scope
    // import ./tools.nix scope
    // import ./languages.nix scope
    // import ./javascript.nix scope
    // import ./python.nix scope
    // import ./php.nix scope
    // import ./beam.nix scope
    // import ./jvm.nix scope
    // import ./compiled.nix scope
    // import ./scripted.nix scope
    // import ./libraries.nix scope;
  aliases = lib.optionalAttrs (config.allowAliases or true) (
    lib.mapAttrs (_: target: pkgs.${target}) set.renamed
    // lib.mapAttrs (_: message: throw message) set.removed
  );
in
aliases
// parts
// {
  inherit
    lib
    system
    config
    pkgs
    overlays
    ;
  inherit (pkgs.stdenv) hostPlatform targetPlatform;
  path = ./..;
  callPackage = lib.callPackageWith pkgs;
  newScope = extra: lib.callPackageWith (pkgs // extra);
  extend = overlay: reimport { overlays = overlays ++ [ overlay ]; };
  appendOverlays = more: reimport { overlays = overlays ++ more; };
}
