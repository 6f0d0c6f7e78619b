# nidify itself, built (and with doCheck tested) offline from its lock file.
{
  lib,
  stdenv,
  callPackage,
  nodejs_24,
  git,
  util-linux,
  runtimeShell,
  # Run the unit tests too.
  doCheck ? false,
}:
let
  metadata = lib.importJSON ../package.json;
  nodeModules =
    dev:
    callPackage ./node-modules.nix { } {
      name = "nidify";
      packageLock = ../package-lock.json;
      inherit dev;
    };
in
stdenv.mkDerivation {
  pname = "nidify";
  inherit (metadata) version;

  # What the build and the tests read; the documentation is held to the code by tests.
  src = builtins.path {
    name = "nidify-source";
    path = ../.;
    filter =
      path: _:
      let
        relative = lib.removePrefix (toString ../. + "/") path;
      in
      lib.elem (lib.head (lib.splitString "/" relative)) [
        "README.md"
        "catalogue"
        "docs"
        "nix"
        "package.json"
        "package-lock.json"
        "scripts"
        "src"
        "templates"
        "test"
        "tsconfig.json"
        "tsdown.config.ts"
        "vitest.config.ts"
      ];
  };

  nativeBuildInputs = [
    nodejs_24
  ]
  ++ lib.optionals doCheck [
    git
    util-linux
  ];
  inherit doCheck;

  configurePhase = ''
    runHook preConfigure
    export HOME=$TMPDIR
    cp -r ${nodeModules true}/node_modules .
    chmod -R u+w node_modules
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    node node_modules/tsdown/dist/run.mjs
    runHook postBuild
  '';

  checkPhase = ''
    runHook preCheck
    node node_modules/vitest/vitest.mjs run --project unit
    runHook postCheck
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/nidify $out/bin
    cp -r dist package.json $out/lib/nidify
    cp -r ${nodeModules false}/node_modules $out/lib/nidify
    printf '#!%s\nexec %s %s "$@"\n' ${runtimeShell} ${nodejs_24}/bin/node $out/lib/nidify/dist/cli.js > $out/bin/nidify
    chmod +x $out/bin/nidify
    runHook postInstall
  '';

  meta = {
    inherit (metadata) description;
    license = lib.licenses.mit;
    mainProgram = "nidify";
  };
}
