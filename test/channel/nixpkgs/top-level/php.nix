# PHP, composed with extensions as nixpkgs composes it: withExtensions, buildEnv, extensions, packages.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  line = "8.4";
  unit = suite.unitOf "php${line}-cli";
  version = suite.versionOf "php${line}-cli";

  # Which extensions must be loaded before it, by extension: those of these names that nixpkgs' PHP has
  # without being asked, as far as Debian builds them apart from the program
  included = {
    bcmath = [ ];
    calendar = [ ];
    ctype = [ ];
    curl = [ ];
    dom = [ ];
    exif = [ ];
    fileinfo = [ ];
    ftp = [ ];
    gettext = [ ];
    iconv = [ ];
    intl = [ ];
    mbstring = [ ];
    opcache = [ ];
    pdo = [ ];
    pdo_sqlite = [ "pdo" ];
    phar = [ ];
    posix = [ ];
    readline = [ ];
    simplexml = [ ];
    sockets = [ ];
    sqlite3 = [ ];
    sysvsem = [ ];
    tokenizer = [ ];
    xml = [ ];
    xmlreader = [ "dom" ];
    xmlwriter = [ ];
    zip = [ ];
  };
  # and those that have to be asked for
  others = {
    bz2 = [ ];
    ffi = [ ];
    igbinary = [ ];
    redis = [ "igbinary" ];
    shmop = [ ];
    sysvmsg = [ ];
    sysvshm = [ ];
    xsl = [ "dom" ];
  };
  extensions = lib.mapAttrs (
    name: before:
    dress {
      pname = "php-${name}";
      inherit version;
      passthru = {
        extensionName = name;
        internalDeps = map (dependency: extensions.${dependency}) before;
      };
      drv = pkgs.runCommandLocal "php-${name}-${version}" { } ''
        mkdir -p $out/lib/php/extensions
        ln -s ${unit}/lib/php/20*/${name}.so $out/lib/php/extensions/
      '';
    }
  ) (included // others);

  # Each once, behind those that it needs
  ordered =
    chosen:
    lib.foldl'
      (
        seen: each:
        if lib.any ({ extensionName, ... }: extensionName == each.extensionName) seen then
          seen
        else
          seen ++ [ each ]
      )
      [ ]
      (lib.concatMap (extension: ordered extension.internalDeps ++ [ extension ]) chosen);

  buildEnv =
    { enabled, ... }@previous:
    {
      extensions ? ({ enabled, ... }: enabled),
      extraConfig ? "",
    }:
    let
      chosen = extensions {
        inherit enabled;
        all = previous.all;
      };
      loads = map (
        { extensionName, ... }@extension:
        let
          key = if extensionName == "opcache" then "zend_extension" else "extension";
        in
        "${key}=${extension}/lib/php/extensions/${extensionName}.so"
      ) (ordered chosen);
      self = dress {
        pname = "php-with-extensions";
        inherit version;
        meta.mainProgram = "php";
        drv = pkgs.runCommandLocal "php-with-extensions-${version}" { } ''
          mkdir -p $out/bin $out/lib $out/etc
          cat > $out/lib/php.ini <<'END'
          ${lib.concatStringsSep "\n" loads}
          ${extraConfig}
          END
          {
            echo "#!${pkgs.runtimeShell}"
            echo "export PHP_INI_SCAN_DIR=$out/lib"
            # Debian's program would read what this machine has in /etc
            echo "export PHPRC=\''${PHPRC-$out/etc}"
            echo "exec -a \"\$0\" ${unit}/bin/php \"\$@\""
          } > $out/bin/php
          chmod +x $out/bin/php
        '';
        passthru = {
          unwrapped = unit;
          extensions = previous.all;
          buildEnv = buildEnv (previous // { enabled = chosen; });
          withExtensions = extensions: self.buildEnv { inherit extensions extraConfig; };
          packages = packagesOf self;
        };
      };
    in
    self;

  packagesOf =
    php:
    lib.optionalAttrs (suite.has "composer") {
      composer = dress {
        pname = "composer";
        version = suite.versionOf "composer";
        drv = pkgs.writeShellScriptBin "composer" ''
          exec ${php}/bin/php ${suite.unitOf "composer"}/bin/composer "$@"
        '';
      };
    };

  php = buildEnv {
    enabled = lib.attrValues (lib.intersectAttrs included extensions);
    all = extensions;
  } { };
in
lib.optionalAttrs (suite.has "php${line}-cli") {
  inherit php;
  "php${lib.replaceStrings [ "." ] [ "" ] line}" = php;
  phpPackages = php.packages;
}
