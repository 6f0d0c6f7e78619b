# A package set that evaluates and builds nothing: a package is the text of its own path, a shell is the
# arguments that it was made with.
{
  system,
  config,
  overlays,
}:
let
  package = path: { outPath = "/packages/${path}"; };
  shell =
    maker: arguments:
    arguments
    // {
      inherit config maker;
      overrideAttrs = change: arguments // change ({ name = "nix-shell"; } // arguments);
    };
  overridable =
    maker:
    {
      __functor = self: shell maker;
      override = { stdenv }: shell "${maker} ${stdenv}";
    };
in
{
  inherit config overlays;
  mkShell = overridable "mkShell";
  mkShellNoCC = overridable "mkShellNoCC";
  runtimeShell = "/bin/sh";
  dockerTools = {
    buildLayeredImage = arguments: arguments;
    binSh = package "binSh";
    caCertificates = package "caCertificates";
    fakeNss = package "fakeNss";
    usrBinEnv = package "usrBinEnv";
  };
  stdenv = {
    hostPlatform = {
      isLinux = builtins.match ".*-linux" system != null;
      isDarwin = builtins.match ".*-darwin" system != null;
      isx86_64 = builtins.match "x86_64-.*" system != null;
      isAarch64 = builtins.match "aarch64-.*" system != null;
    };
    cc.cc.lib = package "stdenv.cc.cc.lib";
  };
  libpq = package "libpq" // {
    pg_config = package "libpq.pg_config";
  };
}
// builtins.listToAttrs (
  map
    (name: {
      inherit name;
      value = package name;
    })
    [
      "7zz"
      "bashInteractive"
      "cacert"
      "chromium"
      "coreutils"
      "gcc14Stdenv"
      "go_1_25"
      "jq"
      "nixfmt-tree"
      "nodejs_16"
      "nodejs_22"
      "openssl"
      "pkg-config"
      "pnpm_10"
      "python3"
      "python312"
      "terraform"
      "uv"
      "zlib"
    ]
)
