{ lib }:
rec {
  makeOverridable =
    f: args:
    let
      result = f args;
      override =
        changes: makeOverridable f (args // (if builtins.isFunction changes then changes args else changes));
    in
    if builtins.isAttrs result then
      result
      // {
        inherit override;
      }
      // lib.optionalAttrs (result ? overrideAttrs) {
        overrideAttrs = changes: makeOverridable (given: (f given).overrideAttrs changes) args;
      }
    else if builtins.isFunction result then
      {
        __functor = _: result;
        inherit override;
      }
    else
      result;

  callPackageWith =
    autoArgs: fn: args:
    let
      f = if lib.isFunctionLike fn then fn else import fn;
    in
    makeOverridable f (
      builtins.intersectAttrs (f.__functionArgs or (builtins.functionArgs f)) autoArgs // args
    );

  # A derivation whose paths can only be had when `condition` holds: how nixpkgs refuses insecure and
  # unfree packages.
  extendDerivation =
    condition: passthru: drv:
    let
      guard =
        output:
        output
        // outputs
        // passthru
        // {
          outPath =
            assert condition;
            output.outPath;
          drvPath =
            assert condition;
            output.drvPath;
          type = "derivation";
        };
      names = drv.outputs or [ "out" ];
      outputs = lib.genAttrs names (name: guard drv.${name} // { outputSpecified = true; });
    in
    guard drv;

  hiPrio = package: package;
  lowPrio = package: package;
  setPrio = _: package: package;
}
