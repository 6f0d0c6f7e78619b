let
  lock = builtins.fromJSON (builtins.readFile ./flake.lock);
  pinned =
    name:
    let
      inherit (lock.nodes.${lock.nodes.root.inputs.${name}}) locked;
    in
    fetchTarball {
      url = "https://github.com/${locked.owner}/${locked.repo}/archive/${locked.rev}.tar.gz";
      sha256 = locked.narHash;
    };
in
{
  system ? builtins.currentSystem,
  nixpkgs ? pinned "nixpkgs",
}:
let
  pkgs = import nixpkgs {
    inherit system;
    config = { };
    overlays = [ ];
  };
  inherit (pkgs) lib;

  shells = {
    default = pkgs.mkShell {
      name = "example";
      packages = [
        pkgs.nodejs_22
        (pkgs.python3.withPackages (modules: [
          modules.pip
          modules.setuptools
          modules.wheel
        ]))
        pkgs.pkg-config
        pkgs.gnumake
      ];
      buildInputs = [
        pkgs.openssl
        pkgs.zlib
      ];
      hardeningDisable = [ "fortify" ];
      GREETING = "it's \"here\": $HOME `id` \\ ä\nand here";
      npm_config_nodedir = pkgs.nodejs_22;
      LD_LIBRARY_PATH = lib.makeLibraryPath [ pkgs.stdenv.cc.cc.lib ];
      shellHook = ''
        export HOOKED="$GREETING"
      '';
    };
  };

  # The shell as a folder, for everything that cannot ask Nix: `. activate` in any POSIX shell, `enter
  # COMMAND` from anywhere. Made by building the shell itself, so that set-up hooks, compiler and variables
  # are those of `nix develop`.
  environmentOf =
    shell:
    shell.overrideAttrs (old: {
      name = "${old.name}-environment";
      buildPhase = ''
        apostrophe="'"
        escaped="$apostrophe\\$apostrophe$apostrophe"
        mkdir -p "$out/bin"
        {
          env -0 | LC_ALL=C sort -z | while IFS= read -r -d "" entry; do
            name=''${entry%%=*}
            value=''${entry#*=}
            case $name in
              # functions that a shell exports
              *[!A-Za-z0-9_]*) continue ;;
              # the folders, the terminal and the shell of this build: whoever enters has others
              HOME | OLDPWD | PWD | SHELL | SHLVL | TEMP | TEMPDIR | TERM | TMP | TMPDIR | TZ | _) continue ;;
              # how Nix talks to its builder
              NIX_ATTRS_JSON_FILE | NIX_ATTRS_SH_FILE | NIX_BUILD_CORES | NIX_BUILD_TOP) continue ;;
              NIX_ENFORCE_PURITY | NIX_LOG_FD) continue ;;
              # what every derivation has
              __* | args | builder | name | out | outputs | pname | stdenv | system | version) continue ;;
              allowSubstitutes | passAsFile | preferLocalBuild | requiredSystemFeatures) continue ;;
              allowedReferences | allowedRequisites | disallowedReferences | disallowedRequisites) continue ;;
              # its inputs: PATH, PKG_CONFIG_PATH, NIX_LDFLAGS and their like already speak of them
              buildInputs | nativeBuildInputs | propagatedBuildInputs | propagatedNativeBuildInputs) continue ;;
              depsBuild* | depsHost* | depsTarget* | HOST_PATH) continue ;;
              # what only the phases of a build look at
              phases | buildPhase | buildCommand | buildCommandPath | patches | userHook) continue ;;
              configureFlags | cmakeFlags | mesonFlags | doCheck | doInstallCheck | strictDeps) continue ;;
              dontAddDisableDepTrack | enableParallel* | hardeningDisable | hardeningEnable) continue ;;
              # the shell of nix-shell; the hook, which follows below
              shell | shellHook) continue ;;
            esac
            case $name=$value in
              # a build must not see the certificates of the machine; its user may
              *SSL_CERT_FILE=/no-cert-file.crt) continue ;;
              # nothing will ever be installed in a library folder of this package
              NIX_LDFLAGS=*) value=''${value//"-rpath $out/lib"/} ;;
            esac
            printf "export %s='%s'" "$name" "''${value//"$apostrophe"/"$escaped"}"
            case $name in
              # as in nix develop, what the caller has comes after these
              PATH | XDG_DATA_DIRS) printf '"''${%s:+:$%s}"' "$name" "$name" ;;
            esac
            echo
          done
          printf '%s\n' "$shellHook"
        } > "$out/activate"
        {
          printf '#!%s\n' ${pkgs.runtimeShell}
          printf '. %s/activate\n' "$out"
          printf 'exec "$@"\n'
        } > "$out/bin/enter"
        chmod +x "$out/bin/enter"
      '';
    });

  environment = environmentOf shells.default;

  packages = {
    inherit environment;
  }
  // lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux {
    image = pkgs.dockerTools.buildLayeredImage {
      name = "example";
      tag = "environment";
      contents = [
        pkgs.bashInteractive
        pkgs.coreutils
        pkgs.dockerTools.binSh
        pkgs.dockerTools.caCertificates
        pkgs.dockerTools.fakeNss
        pkgs.dockerTools.usrBinEnv
      ];
      extraCommands = ''
        mkdir -m 1777 tmp
      '';
      config = {
        Entrypoint = [ "${environment}/bin/enter" ];
        Cmd = [ pkgs.runtimeShell ];
        WorkingDir = "/work";
      };
    };
  };
in
shells.default // { inherit shells packages; }
