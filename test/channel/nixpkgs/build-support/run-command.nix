{
  lib,
  stdenv,
  stdenvNoCC,
}:
rec {
  runCommandWith =
    {
      name,
      stdenv ? defaultStdenv,
      runLocal ? false,
      derivationArgs ? { },
    }:
    buildCommand:
    stdenv.mkDerivation (
      {
        inherit name buildCommand;
        enableParallelBuilding = true;
        passAsFile = [ "buildCommand" ] ++ (derivationArgs.passAsFile or [ ]);
      }
      // lib.optionalAttrs runLocal {
        preferLocalBuild = true;
        allowSubstitutes = false;
      }
      // removeAttrs derivationArgs [ "passAsFile" ]
    );
  defaultStdenv = stdenv;

  runCommand =
    name: derivationArgs:
    runCommandWith {
      inherit name derivationArgs;
      stdenv = stdenvNoCC;
    };
  runCommandCC =
    name: derivationArgs:
    runCommandWith {
      inherit name derivationArgs;
    };
  runCommandNoCC = runCommand;
  runCommandLocal =
    name: derivationArgs:
    runCommandWith {
      inherit name derivationArgs;
      stdenv = stdenvNoCC;
      runLocal = true;
    };
  makeSetupHook =
    {
      name ? "hook",
      substitutions ? { },
      ...
    }:
    script:
    runCommand name substitutions (
      ''
        mkdir -p $out/nix-support
        cp ${script} $out/nix-support/setup-hook
        chmod u+w $out/nix-support/setup-hook
      ''
      + lib.concatMapStrings (key: ''
        substituteInPlace $out/nix-support/setup-hook --subst-var ${key}
      '') (lib.attrNames substitutions)
    );
}
