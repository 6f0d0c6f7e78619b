# Libraries with their headers: outputs out and dev, under nixpkgs' names. The values are Debian's -dev
# packages.
{
  lib,
  debian,
  set,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  isRecent = lib.versionAtLeast set.release "25.05";

  library =
    attribute: deb:
    let
      unit = suite.unitOf deb;
      program = programs.${attribute} or null;
    in
    dress {
      inherit attribute;
      pname = attribute;
      version = suite.versionOf deb;
      drv = unit;
      passthru = lib.optionalAttrs (program != null && suite.has program) rec {
        bin = suite.unitOf program;
        # as in nixpkgs, who asks for the library in a shell gets its program, too
        dev = pkgs.runCommandLocal "${attribute}-dev" { } ''
          mkdir -p $out/nix-support
          ln -s ${unit.dev}/* $out/ 2> /dev/null || true
          rm -rf $out/nix-support
          mkdir $out/nix-support
          echo "${unit.dev} ${bin}" > $out/nix-support/propagated-build-inputs
        '';
      };
    };

  # libraries whose nixpkgs package has a program as well
  programs = {
    bzip2 = "bzip2";
    curl = "curl";
    openssl = "openssl";
    sqlite = "sqlite3";
    xz = "xz-utils";
    zstd = "zstd";
  };

  debs = {
    alsa-lib = "libasound2-dev";
    bzip2 = "libbz2-dev";
    cairo = "libcairo2-dev";
    curl = "libcurl4-openssl-dev";
    expat = "libexpat1-dev";
    fontconfig = "libfontconfig-dev";
    freetype = "libfreetype-dev";
    gdk-pixbuf = "libgdk-pixbuf-2.0-dev";
    giflib = "libgif-dev";
    glib = "libglib2.0-dev";
    gmp = "libgmp-dev";
    harfbuzz = "libharfbuzz-dev";
    icu = "libicu-dev";
    krb5 = "libkrb5-dev";
    libevent = "libevent-dev";
    libffi = "libffi-dev";
    libGL = "libgl-dev";
    libjpeg = "libjpeg-dev";
    libpng = "libpng-dev";
    librsvg = "librsvg2-dev";
    libsecret = "libsecret-1-dev";
    libsodium = "libsodium-dev";
    libtiff = "libtiff-dev";
    libusb1 = "libusb-1.0-0-dev";
    libuuid = "uuid-dev";
    libuv = "libuv1-dev";
    libwebp = "libwebp-dev";
    libxml2 = "libxml2-dev";
    libxslt = "libxslt1-dev";
    libyaml = "libyaml-dev";
    lz4 = "liblz4-dev";
    ncurses = "libncurses-dev";
    openblas = "libopenblas-dev";
    openldap = "libldap-dev";
    openssl = "libssl-dev";
    pango = "libpango1.0-dev";
    pcre2 = "libpcre2-dev";
    pixman = "libpixman-1-dev";
    rdkafka = "librdkafka-dev";
    readline = "libreadline-dev";
    snappy = "libsnappy-dev";
    sqlite = "libsqlite3-dev";
    udev = "libudev-dev";
    xz = "liblzma-dev";
    zeromq = "libzmq3-dev";
    zlib = "zlib1g-dev";
    zstd = "libzstd-dev";
    ${if isRecent then "unixodbc" else "unixODBC"} = "unixodbc-dev";
    libmysqlclient = "libmariadb-dev";
  };
  xorg = {
    libX11 = "libx11-dev";
    libXcursor = "libxcursor-dev";
    libXext = "libxext-dev";
    libXft = "libxft-dev";
    libXi = "libxi-dev";
    libXrandr = "libxrandr-dev";
    libXrender = "libxrender-dev";
    libXtst = "libxtst-dev";
  };
  libraries = lib.mapAttrs library (lib.filterAttrs (_: suite.has) debs);

  # In nixpkgs a program of C, here a script that knows the same folders
  pgConfig =
    unit:
    pkgs.writeShellScriptBin "pg_config" ''
      if [ $# -eq 0 ]; then
        set -- --bindir --includedir --pkgincludedir --includedir-server --libdir --cppflags --cflags \
          --ldflags --libs --version
      fi
      for option; do
        case $option in
          --bindir) echo ${unit}/bin ;;
          --includedir | --pkgincludedir) echo ${unit.dev}/include/postgresql ;;
          --includedir-server) echo ${unit.dev}/include/postgresql/server ;;
          --libdir | --pkglibdir) echo ${unit}/lib ;;
          --cppflags) echo -I${unit.dev}/include/postgresql ;;
          --cflags) echo ;;
          --ldflags) echo -L${unit}/lib ;;
          --libs) echo -lpq ;;
          --version) echo "PostgreSQL ${suite.versionOf "libpq-dev"}" ;;
          *)
            echo "pg_config: invalid argument: $option" >&2
            exit 1
            ;;
        esac
      done
    '';
  postgresqlClient =
    let
      unit = suite.unitOf "libpq-dev";
    in
    dress {
      pname = if isRecent then "libpq" else "postgresql";
      version = suite.versionOf "libpq-dev";
      drv = unit;
      passthru.pg_config = pgConfig unit;
    };
in
libraries
// {
  systemd = libraries.udev;
  xorg = lib.mapAttrs library (lib.filterAttrs (_: suite.has) xorg);
}
// (
  if isRecent then
    { libpq = postgresqlClient; }
    # from 26.05 on the libraries of X have names of their own
    // lib.mapAttrs' (
      name: deb: lib.nameValuePair (lib.toLower name) (library (lib.toLower name) deb)
    ) (lib.filterAttrs (_: suite.has) xorg)
  else
    { postgresql = postgresqlClient; }
)
