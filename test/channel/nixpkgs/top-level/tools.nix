# Programs that need little more than their Debian package. The names are nixpkgs' attributes, the values
# Debian's packages.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  tool =
    attribute: deb:
    dress {
      inherit attribute;
      pname = attribute;
      version = suite.versionOf deb;
      drv = suite.unitOf deb;
      meta.mainProgram = mainPrograms.${attribute} or attribute;
    };
  mainPrograms = {
    ripgrep = "rg";
    gnucobol = "cobc";
    gnugrep = "grep";
    gnumake = "make";
    gnused = "sed";
    gnutar = "tar";
    guile_3_0 = "guile";
    ninja = "ninja";
    openssh = "ssh";
    protobuf = "protoc";
    sqlite = "sqlite3";
  };
  debs = {
    autoconf = "autoconf";
    automake = "automake";
    bash = "bash";
    bats = "bats";
    bashInteractive = "bash";
    cmake = "cmake";
    coreutils = "coreutils";
    curl = "curl";
    diffutils = "diffutils";
    file = "file";
    findutils = "findutils";
    gawk = "gawk";
    git = "git";
    gitMinimal = "git";
    gnucobol = "gnucobol3";
    gnugrep = "grep";
    gnum4 = "m4";
    gnumake = "make";
    gnupatch = "patch";
    gnused = "sed";
    gnutar = "tar";
    guile_3_0 = "guile-3.0";
    gprbuild = "gprbuild";
    gzip = "gzip";
    hello = "hello";
    hugo = "hugo";
    jq = "jq";
    just = "just";
    less = "less";
    libtool = "libtool";
    ninja = "ninja-build";
    openssh = "openssh-client";
    patch = "patch";
    procps = "procps";
    protobuf = "protobuf-compiler";
    R = "r-base-core";
    redis = "redis-server";
    ripgrep = "ripgrep";
    rsync = "rsync";
    shellcheck = "shellcheck";
    tzdata = "tzdata";
    unzip = "unzip";
    util-linux = "util-linux";
    wget = "wget";
    zip = "zip";
  };
in
lib.mapAttrs tool (lib.filterAttrs (_: deb: suite.has deb) debs)
// {
  # the version that the boot of the channel uses as well
  patchelf = dress {
    pname = "patchelf";
    version = debian.suites.bookworm.versionOf "patchelf";
    drv = debian.suites.bookworm.unitOf "patchelf";
  };

  glibc = dress {
    pname = "glibc";
    version = suite.versionOf "libc6";
    drv = suite.unitOf "libc6";
    passthru.bin = suite.unitOf "libc-bin";
  };

  glibcLocales = dress {
    pname = "glibc-locales";
    version = suite.versionOf "libc6";
    drv = pkgs.runCommand "glibc-locales" { nativeBuildInputs = [ (suite.unitOf "libc-bin") ]; } ''
      mkdir -p $out/lib/locale $out/nix-support
      gzip -dc ${suite.unitOf "locales"}/share/i18n/charmaps/UTF-8.gz > UTF-8
      export I18NPATH=${suite.unitOf "locales"}/share/i18n
      for locale in C en_US; do
        localedef --no-archive -i $locale -f $PWD/UTF-8 $out/lib/locale/$locale.utf8
      done
      echo "export LOCPATH=$out/lib/locale" > $out/nix-support/setup-hook
    '';
  };

  cacert = dress {
    pname = "nss-cacert";
    attribute = "cacert";
    version = suite.versionOf "ca-certificates";
    drv = pkgs.runCommand "nss-cacert" { } ''
      mkdir -p $out/etc/ssl/certs $out/nix-support
      cp ${suite.unitOf "ca-certificates"}/etc/ssl/certs/ca-bundle.crt $out/etc/ssl/certs/
      {
        echo "export NIX_SSL_CERT_FILE=$out/etc/ssl/certs/ca-bundle.crt"
        echo "export SSL_CERT_FILE=$out/etc/ssl/certs/ca-bundle.crt"
        echo "export SYSTEM_CERTIFICATE_PATH=$out/etc/ssl/certs/ca-bundle.crt"
      } > $out/nix-support/setup-hook
    '';
  };

  pkg-config = dress {
    pname = "pkg-config";
    version = suite.versionOf "pkgconf";
    drv = pkgs.runCommand "pkg-config-wrapper" { } ''
      mkdir -p $out/bin $out/nix-support
      # Debian's own folders are of no use here
      cat > $out/bin/pkg-config <<END
      #!${pkgs.runtimeShell}
      export PKG_CONFIG_LIBDIR=
      exec ${suite.unitOf "pkgconf"}/bin/pkgconf "\$@"
      END
      chmod +x $out/bin/pkg-config
      cp ${./pkg-config-hook.sh} $out/nix-support/setup-hook
    '';
  };

  which = pkgs.writeShellScriptBin "which" ''
    if [ "''${1:-}" = -a ]; then shift; fi
    for command; do type -P "$command" || exit 1; done
  '';
}
// lib.optionalAttrs (debian.suites ? "trixie/non-free") {
  unrar = dress {
    pname = "unrar";
    version = debian.suites."trixie/non-free".versionOf "unrar";
    drv = debian.suites."trixie/non-free".unitOf "unrar";
    meta.license = lib.licenses.unfreeRedistributable;
  };
}
// {
  # No formatter for Nix is in Debian or on npm. These two take nixfmt's place and say that they
  # format nothing.
  nixfmt = dress {
    pname = "nixfmt-stand-in";
    attribute = "nixfmt";
    version = "0";
    meta.mainProgram = "nixfmt";
    drv = pkgs.writeShellScriptBin "nixfmt" ''
      echo "nixfmt: this is a stand-in for tests that formats nothing" >&2
    '';
  };
  nixfmt-tree = dress {
    pname = "nixfmt-tree-stand-in";
    attribute = "nixfmt-tree";
    version = "0";
    meta.mainProgram = "treefmt";
    drv = pkgs.writeShellScriptBin "treefmt" ''
      echo "treefmt: this is a stand-in for tests that formats nothing" >&2
    '';
  };
}
