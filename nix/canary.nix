# A derivation that can only be built where the sandbox holds: it looks for what a builder must not see, a bait
# that nidify laid out on this machine for this one run. `request` is JSON; nothing is printed into this file.
{ request }:
let
  asked = builtins.fromJSON request;
  nixpkgs = fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/${asked.rev}.tar.gz";
    sha256 = asked.narHash;
  };
  pkgs = import nixpkgs {
    inherit (asked) system;
    config = { };
    overlays = [ ];
  };
  common = {
    inherit (asked) system;
    # makes each run a new derivation: a result of yesterday proves nothing
    inherit (asked) nonce;
    builder = pkgs.runtimeShell;
    coreutils = "${pkgs.coreutils}/bin";
    baitFile = asked.file;
    baitPort = toString asked.port;
    # no cache of anyone's can answer, and with remote builders it runs here
    allowSubstitutes = false;
    preferLocalBuild = true;
  };
in
{
  canary = derivation (
    common
    // {
      name = "nidify-canary";
      namespaces = asked.namespaces;
      folders = "bin build dev etc nix proc private tmp usr";
      args = [
        "-c"
        ''
          leaks=
          leak() {
            leaks="$leaks $1"
            echo "nidify-canary: $1" >&2
          }
          if [ -e "$baitFile" ]; then
            leak host-file
          fi
          if (exec 3<>"/dev/tcp/127.0.0.1/$baitPort") 2>/dev/null; then
            leak host-network
          fi
          if [ -e /proc/self/ns ]; then
            # in one line: of what builders print, nidify keeps the last lines only
            seen=
            for folder in /*; do
              case " $folders " in
                *" ''${folder#/} "*) ;;
                *) seen="$seen:$folder" ;;
              esac
            done
            if [ -n "$seen" ]; then
              leak "host-folder$seen"
            fi
            for namespace in $namespaces; do
              if [ "$("$coreutils/readlink" "/proc/self/ns/''${namespace%%:*}")" = "$namespace" ]; then
                leak "host-namespace:''${namespace%%:*}"
              fi
            done
          fi
          if [ -n "$leaks" ]; then
            exit 1
          fi
          echo "the sandbox holds" > "$out"
        ''
      ];
    }
  );

  # Builds whose result is fixed by its hash may use the network: that they reach the bait shows that there is one.
  reach = derivation (
    common
    // {
      name = "nidify-canary-reach";
      outputHashMode = "flat";
      outputHashAlgo = "sha256";
      outputHash = builtins.hashString "sha256" asked.nonce;
      args = [
        "-c"
        ''
          if (exec 3<>"/dev/tcp/127.0.0.1/$baitPort") 2>/dev/null; then
            printf %s "$nonce" > "$out"
          else
            echo "nidify-canary: unreachable" >&2
            exit 1
          fi
        ''
      ];
    }
  );
}
