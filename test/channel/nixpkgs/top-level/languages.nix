# Compilers and interpreters from Debian, under nixpkgs' names with the version that they have.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  package =
    deb: args:
    dress (
      {
        version = suite.versionOf deb;
        drv = suite.unitOf deb;
      }
      // args
    );
  # e.g. "1.24" is go_1_24
  attributeOf =
    prefix: version:
    prefix + builtins.replaceStrings [ "." ] [ "_" ] (lib.versions.majorMinor version);
  # the version of the first of these packages that there is: "ruby" has one of Debian's own, "ruby3.3" Ruby's
  versionOfFirst = debs: suite.versionOf (lib.findFirst suite.has null debs);
  when = deb: attrs: lib.optionalAttrs (suite.has deb) attrs;
in
when "golang-go" (
  let
    go = package "golang-go" {
      pname = "go";
      version = versionOfFirst (map (minor: "golang-1.${toString minor}-go") (lib.range 18 40));
      passthru.GOARCH = "amd64";
    };
  in
  {
    inherit go;
    buildGoModule = pkgs.callPackage ../build-support/go-module.nix { };
    ${attributeOf "go_" go.version} = go;
  }
)
// when "rustc" {
  rustc = package "rustc" { pname = "rustc"; };
  rustPlatform = pkgs.callPackage ../build-support/rust-package.nix { };
  cargo = package "cargo" {
    pname = "cargo";
    # Debian counted cargo's own versions until 0.66
    version = suite.versionOf "rustc";
    drv = pkgs.runCommandLocal "cargo" { } ''
      mkdir -p $out/bin
      cat > $out/bin/cargo <<END
      #!${pkgs.runtimeShell}
      export PATH=\$PATH:${suite.unitOf "rustc"}/bin
      exec -a "\$0" ${suite.unitOf "cargo"}/bin/cargo "\$@"
      END
      chmod +x $out/bin/cargo
    '';
  };
}
// when "rust-clippy" {
  clippy = package "rust-clippy" {
    pname = "clippy";
    meta.mainProgram = "cargo-clippy";
  };
}
// when "rustfmt" { rustfmt = package "rustfmt" { pname = "rustfmt"; }; }
// when "ruby" (
  let
    ruby = package "ruby" {
      pname = "ruby";
      version = versionOfFirst (map (minor: "ruby3.${toString minor}") (lib.range 0 9));
      passthru.devEnv = ruby;
    };
  in
  {
    inherit ruby;
    ${attributeOf "ruby_" ruby.version} = ruby;
    bundler = ruby;
  }
)
// when "openjdk-21-jdk-headless" (
  let
    jdk = package "openjdk-21-jdk-headless" {
      pname = "openjdk";
      attribute = "jdk21";
      meta.mainProgram = "java";
      passthru.home = "${suite.unitOf "openjdk-21-jdk-headless"}/lib/jvm/java-21-openjdk-amd64";
    };
  in
  {
    inherit jdk;
    jdk21 = jdk;
    jdk_headless = jdk;
    jdk21_headless = jdk;
  }
)
// when "postgresql-17" (
  let
    postgresql = package "postgresql-17" {
      pname = "postgresql";
      meta.mainProgram = "psql";
    };
  in
  {
    inherit postgresql;
    postgresql_17 = postgresql;
  }
)
// when "perl" { perl = package "perl" { pname = "perl"; }; }
