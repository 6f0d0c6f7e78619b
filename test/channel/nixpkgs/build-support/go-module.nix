# buildGoModule with vendorHash = null: nothing is fetched.
{
  lib,
  stdenv,
  go,
}:
{
  vendorHash ? throw "buildGoModule: vendorHash is missing",
  nativeBuildInputs ? [ ],
  ...
}@args:
assert lib.assertMsg (vendorHash == null) "this channel fetches no modules";
stdenv.mkDerivation (
  {
    configurePhase = ''
      runHook preConfigure
      export GOCACHE=$TMPDIR/go-cache GOPATH=$TMPDIR/go GOPROXY=off GOSUMDB=off
      runHook postConfigure
    '';
    buildPhase = ''
      runHook preBuild
      go install -trimpath ./...
      runHook postBuild
    '';
    doCheck = true;
    checkPhase = ''
      runHook preCheck
      go test -vet=off ./...
      runHook postCheck
    '';
    installPhase = ''
      runHook preInstall
      mkdir -p $out
      [ ! -d $GOPATH/bin ] || cp -r $GOPATH/bin $out
      runHook postInstall
    '';
    GOFLAGS = "-mod=vendor";
    GO111MODULE = "on";
    GOTOOLCHAIN = "local";
  }
  // removeAttrs args [ "vendorHash" ]
  // {
    nativeBuildInputs = nativeBuildInputs ++ [ go ];
    strictDeps = true;
  }
)
