# buildNpmPackage and importNpmLock: the interface of nixpkgs' for a lock file with addresses and hashes.
# What the lock has from npm's own registry is fetched from the one that the stand-in itself was made from.
{
  lib,
  stdenv,
  runCommand,
  makeSetupHook,
  fetchLocked,
  runtimeShell,
  nodejs,
}:
let
  npmConfigHook = lib.makeOverridable (
    { nodejs }: makeSetupHook { name = "npm-config-hook"; } ./npm-config-hook.sh
  ) { inherit nodejs; };
  importNpmLock =
    {
      npmRoot ? null,
      package ? lib.importJSON (npmRoot + "/package.json"),
      packageLock ? lib.importJSON (npmRoot + "/package-lock.json"),
      pname ? package.name or "unknown",
      version ? package.version or "0.0.0",
    }:
    let
      fetched = lib.mapAttrs (
        _: entry:
        removeAttrs entry [ "funding" ]
        // lib.optionalAttrs (entry ? resolved) {
          resolved = "file:${
            fetchLocked {
              url = entry.resolved;
              hash = entry.integrity;
            }
          }";
        }
      ) packageLock.packages;
      file = lib.mapAttrs (name: _: fetched."node_modules/${name}".resolved);
      # package.json and the lock's own entry of it ask for the files, no longer for ranges
      pointed =
        manifest:
        manifest
        // lib.mapAttrs (_: file) (
          builtins.intersectAttrs {
            dependencies = null;
            devDependencies = null;
          } manifest
        );
    in
    runCommand (lib.sanitizeDerivationName "${pname}-${version}-sources")
      {
        passAsFile = [
          "manifest"
          "lock"
        ];
        manifest = builtins.toJSON (pointed package);
        lock = builtins.toJSON (
          packageLock // { packages = fetched // { "" = pointed fetched.""; }; }
        );
      }
      ''
        mkdir $out
        cp "$manifestPath" $out/package.json
        cp "$lockPath" $out/package-lock.json
      '';
in
{
  importNpmLock = {
    inherit importNpmLock;
    inherit npmConfigHook;
    hooks = { inherit npmConfigHook; };
    __functor = _: importNpmLock;
  };

  buildNpmPackage =
    {
      npmDeps,
      npmConfigHook,
      nodejs,
      npmBuildScript ? "build",
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      ...
    }@args:
    stdenv.mkDerivation (
      {
        buildPhase = ''
          runHook preBuild
          [ -n "''${dontNpmBuild:-}" ] || npm run ${npmBuildScript}
          runHook postBuild
        '';
        installPhase = ''
          runHook preInstall
          node ${./npm-install.mjs} ${runtimeShell}
          runHook postInstall
        '';
      }
      // removeAttrs args [
        "npmConfigHook"
        "nodejs"
      ]
      // {
        nativeBuildInputs = nativeBuildInputs ++ [
          nodejs
          npmConfigHook
          nodejs.python
        ];
        buildInputs = buildInputs ++ [ nodejs ];
        strictDeps = true;
      }
    );
}
