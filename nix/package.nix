# nidify itself, built and tested offline from its lock file.
{
  lib,
  stdenv,
  callPackage,
  nodejs ? nodejs_24,
  nodejs_24,
  git,
  makeWrapper,
}:
let
  metadata = lib.importJSON ../package.json;
  dependencies = callPackage ./npm-dependencies.nix { } {
    name = "nidify";
    packageJson = ../package.json;
    packageLock = ../package-lock.json;
  };
in
stdenv.mkDerivation {
  pname = "nidify";
  inherit (metadata) version;

  # What the build reads, so that a change of the documentation builds nothing.
  src = builtins.path {
    name = "nidify-source";
    path = ../.;
    filter =
      path: _:
      let
        relative = lib.removePrefix (toString ../. + "/") path;
        top = lib.head (lib.splitString "/" relative);
      in
      lib.elem top [
        "catalogue"
        "package.json"
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
    nodejs
    makeWrapper
  ];
  nativeCheckInputs = [ git ];

  configurePhase = ''
    runHook preConfigure
    export HOME=$TMPDIR
    cp ${dependencies}/package.json ${dependencies}/package-lock.json .
    chmod u+w package.json package-lock.json
    npm ci --offline --ignore-scripts --no-audit --no-fund
    patchShebangs node_modules
    runHook postConfigure
  '';

  buildPhase = ''
    runHook preBuild
    npm run build
    runHook postBuild
  '';

  checkPhase = ''
    runHook preCheck
    npm test
    runHook postCheck
  '';

  installPhase = ''
    runHook preInstall
    npm prune --omit=dev --offline --ignore-scripts --no-audit --no-fund
    mkdir -p $out/lib/nidify $out/bin
    cp -r dist node_modules package.json $out/lib/nidify
    makeWrapper ${nodejs}/bin/node $out/bin/nidify --add-flags $out/lib/nidify/dist/cli.js
    runHook postInstall
  '';

  meta = {
    inherit (metadata) description;
    license = lib.licenses.mit;
    mainProgram = "nidify";
  };
}
