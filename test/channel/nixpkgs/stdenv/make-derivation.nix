# stdenv.mkDerivation: turns attributes into a derivation, as nixpkgs' does, with override and overrideAttrs.
{
  lib,
  config,
  stdenv,
}:
let
  checkMeta = import ./check-meta.nix { inherit lib config; };

  # What a derivation gets as an environment variable even when nobody sets it.
  inputLists = [
    "depsBuildBuild"
    "nativeBuildInputs"
    "depsBuildTarget"
    "depsHostHost"
    "buildInputs"
    "depsTargetTarget"
    "depsBuildBuildPropagated"
    "propagatedNativeBuildInputs"
    "depsBuildTargetPropagated"
    "depsHostHostPropagated"
    "propagatedBuildInputs"
    "depsTargetTargetPropagated"
  ];
  defaultHardening = [
    "bindnow"
    "format"
    "fortify"
    "pic"
    "relro"
    "stackprotector"
    "strictoverflow"
  ];

  derivationArgs =
    attrs:
    let
      disabled = attrs.hardeningDisable or [ ];
      enabled = lib.subtractLists disabled (defaultHardening ++ attrs.hardeningEnable or [ ]);
      overlap = lib.attrNames (builtins.intersectAttrs (attrs.env or { }) attrs);
    in
    assert lib.assertMsg (
      overlap == [ ]
    ) "The ‘env’ attribute set cannot contain any attributes passed to derivation: ${toString overlap}";
    lib.filterAttrs (_: value: value != null) (
      removeAttrs attrs [
        "checkInputs"
        "env"
        "meta"
        "nativeCheckInputs"
        "passthru"
        "pos"
      ]
      // attrs.env or { }
      // {
        name = nameOf attrs;
        inherit stdenv;
        inherit (stdenv) system;
        builder = attrs.realBuilder or stdenv.shell;
        args = attrs.args or [
          "-e"
          (attrs.builder or ./builder.sh)
        ];
        outputs = attrs.outputs or [ "out" ];
        strictDeps = attrs.strictDeps or false;
        __structuredAttrs = attrs.__structuredAttrs or false;
        patches = attrs.patches or [ ];
        configureFlags = attrs.configureFlags or [ ];
        cmakeFlags = attrs.cmakeFlags or [ ];
        mesonFlags = attrs.mesonFlags or [ ];
        doCheck = attrs.doCheck or false;
        doInstallCheck = attrs.doInstallCheck or false;
      }
      # packages that are only linked against are there with their headers
      // lib.genAttrs inputLists (
        list: map lib.getDev (lib.flatten (attrs.${list} or [ ] ++ checkInputs attrs list))
      )
      // lib.optionalAttrs (attrs ? hardeningDisable || attrs ? hardeningEnable) {
        NIX_HARDENING_ENABLE = toString (if lib.elem "all" disabled then [ ] else enabled);
      }
    );

  checkInputs =
    attrs: list:
    lib.optionals (attrs.doCheck or false) (
      if list == "nativeBuildInputs" then
        attrs.nativeCheckInputs or [ ]
      else
        lib.optionals (list == "buildInputs") (attrs.checkInputs or [ ])
    );

  nameOf = attrs: attrs.name or "${attrs.pname}-${attrs.version}";

  # `rattrs` is a function from the final package to its attributes: what overrideAttrs changes
  make =
    rattrs:
    let
      attrs = rattrs final;
      meta = {
        name = nameOf attrs;
        outputsToInstall = [ "out" ];
      } // attrs.meta or { };
      passthru = attrs.passthru or { };
      described = {
        name = nameOf attrs;
        pname = lib.getName attrs;
        version = lib.getVersion attrs;
        inherit meta;
      };
      drv = derivation (derivationArgs attrs);
      final = lib.extendDerivation (checkMeta described) (
        passthru
        // lib.optionalAttrs (attrs ? pname) { inherit (attrs) pname version; }
        // {
          inherit meta passthru stdenv;
          inputDerivation = drv;
          overrideAttrs =
            changes:
            make (
              self:
              let
                previous = rattrs self;
                # a function of one argument gets the previous attributes, one of two the final package first
                isTwofold = builtins.isFunction (changes self);
                result = if isTwofold then changes self previous else changes previous;
              in
              previous // (if builtins.isFunction changes then result else changes)
            );
        }
      ) drv;
    in
    final;
in
fnOrAttrs: make (if builtins.isFunction fnOrAttrs then fnOrAttrs else _: fnOrAttrs)
