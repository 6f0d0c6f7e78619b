# Debian's packages as derivations, one per unit of the lock (debs.json, made by tools/lock.mjs).
{ lib, system }:
let
  locked = builtins.fromJSON (builtins.readFile ../debs.json);
  set = builtins.fromJSON (builtins.readFile ../set.json);
  fetchDeb = deb: import ./fetch.nix { inherit lib; } {
    url = "${locked.mirror}/${deb.file}";
    hash = deb.sha256;
  };

  # The one thing that cannot be built: a static busybox, put into the store by tools/prepare.mjs.
  busybox = derivation {
    name = "busybox-seed";
    inherit system;
    builder = "/bin/sh";
    args = [
      "-c"
      "echo 'the busybox seed is not in the store: run tools/prepare.mjs' >&2; exit 1"
    ];
    outputHashMode = "recursive";
    outputHashAlgo = "sha256";
    outputHash = (builtins.fromJSON (builtins.readFile ../seed.json)).busybox;
  };

  # patchelf with the C library that it was built for. Always bookworm's 0.14: later ones break the
  # official node binaries.
  patchelf = derivation {
    name = "patchelf-boot";
    inherit system;
    builder = "${busybox}/bin/busybox";
    args = [
      "sh"
      "-e"
      ./boot.sh
    ];
    debs = map (name: fetchDeb locked.suites.bookworm.debs.${name}) [
      "libc6"
      "libgcc-s1"
      "libstdc++6"
      "patchelf"
    ];
  };

  suite =
    suiteName:
    let
      inherit (locked.suites.${suiteName}) debs names units;

      # Whatever comes from elsewhere runs on the base suite's C library and shell, as everything in one
      # nixpkgs does.
      fromBase = lib.optionalAttrs (suiteName != set.base) (
        lib.getAttrs (lib.filter (name: base.units ? ${name}) [
          "libc6"
          "libstdc++6"
          "bash"
        ]) base.units
      );

      # bash and what it needs cannot have their scripts patched to use bash
      belowBash = lib.optionalAttrs (units ? bash) (closure "bash");
      closure =
        unit:
        let
          visit =
            seen: name:
            if seen ? ${name} then
              seen
            else
              lib.foldl' visit (seen // { ${name} = true; }) units.${name}.deps;
        in
        visit { } unit;

      build =
        name: unit:
        let
          hasShell = !(belowBash ? ${name}) && built ? bash;
          # php8.4-cli has fixup/php8.sh
          fixup = ./fixup + "/${lib.head (lib.splitString "." name)}.sh";
        in
        derivation {
          name = import ./store-name.nix "${name}-${debs.${mainDeb name unit}.version}";
          inherit system;
          builder = "${busybox}/bin/busybox";
          args = [
            "sh"
            "-e"
            ./unit.sh
          ];
          outputs = [ "out" ] ++ lib.optional unit.headers "dev";
          debs = map (deb: fetchDeb debs.${deb}) unit.debs;
          deps = map (dependency: built.${dependency}) unit.deps;
          # where headers and pkg-config files of the libraries below are
          depsDev = lib.concatMap (
            dependency: lib.optional (built.${dependency} ? dev) built.${dependency}.dev
          ) unit.deps;
          patchelf = lib.optionalString (name != "libc6") patchelf;
          glibc = if name == "libc6" then "self" else built.libc6;
          bash = lib.optionalString hasShell built.bash;
          fixupLib = ./fixup-lib.sh;
          fixup = lib.optionalString (builtins.pathExists fixup) fixup;
        };

      built = lib.mapAttrs build units // fromBase;
    in
    {
      inherit names;
      units = built;
      # the derivation in which a Debian package ends up, and its version without Debian's own part
      unitOf = deb: built.${names.${deb}};
      has = deb: names ? ${deb};
      versionOf = deb: upstreamVersion debs.${deb}.version;
      # all units that a unit needs at run time, itself included
      closureOf = deb: map (name: built.${name}) (lib.attrNames (closure names.${deb}));
    };

  mainDeb = name: unit: if lib.elem name unit.debs then name else lib.head unit.debs;
  # "2:1.24.4+dfsg-1+deb13u1" is 1.24.4, "1:1.3.dfsg+really1.3.1-1" is 1.3.1
  upstreamVersion =
    version:
    let
      parts = builtins.match "([0-9]+:|.*[+]really)?([0-9][0-9.]*[0-9]|[0-9]).*" version;
    in
    if parts == null then version else lib.elemAt parts 1;

  base = suites.${set.base};
  suites = lib.mapAttrs (name: _: suite name) locked.suites;
in
{
  inherit
    base
    busybox
    patchelf
    suites
    ;
}
