# rustPlatform.buildRustPackage with cargoLock.lockFile, for projects whose crates are all in the source: no
# registry of crates is mirrored.
{
  lib,
  stdenv,
  cargo,
  rustc,
}:
{
  buildRustPackage =
    {
      cargoLock,
      nativeBuildInputs ? [ ],
      ...
    }@args:
    let
      packages = (builtins.fromTOML (builtins.readFile cargoLock.lockFile)).package or [ ];
      foreign = lib.filter (crate: crate ? source) packages;
    in
    assert lib.assertMsg (foreign == [ ]) "this channel fetches no crates";
    stdenv.mkDerivation (
      {
        configurePhase = ''
          runHook preConfigure
          export CARGO_HOME=$TMPDIR/cargo
          runHook postConfigure
        '';
        buildPhase = ''
          runHook preBuild
          cargo build --release --frozen
          runHook postBuild
        '';
        doCheck = true;
        checkPhase = ''
          runHook preCheck
          cargo test --release --frozen
          runHook postCheck
        '';
        installPhase = ''
          runHook preInstall
          mkdir -p $out/bin
          find target/release -maxdepth 1 -type f -perm -0100 -exec cp {} $out/bin/ \;
          runHook postInstall
        '';
      }
      // removeAttrs args [ "cargoLock" ]
      // {
        nativeBuildInputs = nativeBuildInputs ++ [
          cargo
          rustc
        ];
        strictDeps = true;
      }
    );
}
