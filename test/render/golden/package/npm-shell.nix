# Development environment of shop: node 22.22 and pnpm 10.
#
# Written by nidify 0.1.0 from package.json. It works without nidify, with Nix 2.18 or newer. To
# change it, write nidify.jsonc and run `nidify` again, or edit this file: nidify leaves an edited
# file alone.
#
#   nix-shell                         a shell with everything in it; so does `nix develop`
#   nix-build -A packages.environment the same as a folder
let
  # The lock file of the flake pins these too: `nix flake update` moves both.
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
  lib = import (nixpkgs + "/lib");
  pkgs = import nixpkgs {
    inherit system;
    config = { };
    overlays = [ ];
  };

  # nixpkgs ties these programs to the Node.js that it built them with, which they hand on to scripts.
  withNode =
    node: program: package:
    pkgs.writeShellScriptBin program ''
      exec ${node}/bin/node ${package}/bin/${program} "$@"
    '';

  shells = {
    default = pkgs.mkShellNoCC {
      packages = [
        pkgs.bashInteractive
        pkgs.nodejs_22 # package.json:7
        (withNode pkgs.nodejs_22 "pnpm" pkgs.pnpm_10) # package.json:5
      ];

      npm_config_manage_package_manager_versions = "false";

      shellHook = ''
        # The shell is given a temporary folder that editors and direnv outlive.
        unset NIX_BUILD_TOP TEMP TEMPDIR TMP TMPDIR
        # Certificates: a company's own where they are set, else those of the machine, else those of nixpkgs.
        [ "''${SSL_CERT_FILE-}" != /no-cert-file.crt ] || unset SSL_CERT_FILE
        [ "''${NIX_SSL_CERT_FILE-}" != /no-cert-file.crt ] || unset NIX_SSL_CERT_FILE
        if [ -z "''${SSL_CERT_FILE:=''${NIX_SSL_CERT_FILE-}}" ]; then
          SSL_CERT_FILE=${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt
          for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
            if [ -e "$bundle" ]; then
              SSL_CERT_FILE=$bundle
              break
            fi
          done
          unset bundle
        fi
        export SSL_CERT_FILE
        export NIX_SSL_CERT_FILE="''${NIX_SSL_CERT_FILE:-$SSL_CERT_FILE}"
      '';
    };
  };

  # A shell as a folder, for everything that cannot ask Nix: `. activate` in any POSIX shell, or
  # `bin/enter COMMAND`. It is the shell itself, built: its set-up hooks, its compiler, its variables.
  environmentOf =
    shell:
    shell.overrideAttrs (old: {
      name = "${old.name}-environment";
      buildPhase = ''
        apostrophe="'"
        escaped="'\\'''"
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

  # A container image, in layers by package, that runs its command in the environment.
  imageOf =
    environment:
    pkgs.dockerTools.buildLayeredImage {
      name = "shop";
      contents = [
        pkgs.bashInteractive
        pkgs.coreutils
        pkgs.dockerTools.binSh
        pkgs.dockerTools.caCertificates
        pkgs.dockerTools.fakeNss
        pkgs.dockerTools.usrBinEnv
      ];
      extraCommands = ''
        mkdir -m 1777 home tmp work
      '';
      config = {
        Entrypoint = [ "${environment}/bin/enter" ];
        Cmd = [ "bash" ];
        Env = [ "HOME=/home" ];
        WorkingDir = "/work";
      };
    };

  # The project itself, as a function of whether its tests run too.
  project = pkgs.callPackage ./package.nix;

  packages = {
    default = project { };
    environment = environmentOf shells.default;
  }
  // lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux { image = imageOf packages.environment; };

  checks = {
    test = project { doCheck = true; };
  };

  formatter = pkgs.nixfmt-tree;
in
shells.default
// {
  inherit
    shells
    packages
    checks
    formatter
    ;
}
