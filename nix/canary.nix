# A derivation that can only be built where the sandbox holds: it looks for what a builder must not see, a bait
# that nidify laid out on this machine for this one run, and what no machine's sandbox shows, so that it means
# something on a remote builder too. `request` is JSON; nothing is printed into this file.
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
    # no cache of anyone's can answer
    allowSubstitutes = false;
    preferLocalBuild = !asked.remote;
    # those without which the builder in question takes nothing
    requiredSystemFeatures = asked.features;
  };
  # A network namespace of one's own has no way out of it: routes by the loopback interface only.
  routes = ''
    routes() {
      if [ -e /proc/net/route ]; then
        while read -r interface _; do
          case $interface in
            Iface | lo) ;;
            *) return 0 ;;
          esac
        done < /proc/net/route
      fi
      if [ -e /proc/net/ipv6_route ]; then
        while read -r _ _ _ _ _ _ _ _ _ interface; do
          if [ "$interface" != lo ]; then
            return 0
          fi
        done < /proc/net/ipv6_route
      fi
      return 1
    }
  '';
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
          ${routes}
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
          if routes; then
            leak host-routes
          fi
          if [ -e /proc/self/ns ]; then
            # in one line: of what builders print, nidify keeps the last lines only
            seen=
            for folder in /*; do
              # NixOS has the interpreters of foreign programs in every sandbox (boot.binfmt.emulatedSystems)
              if [ "$folder" = /run ] && [ "$(echo /run/*)" = /run/binfmt ]; then
                continue
              fi
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
      # on a remote builder the bait is not there: routes are what it has and a sandboxed build must not see
      remote = if asked.remote then "1" else "";
      args = [
        "-c"
        ''
          ${routes}
          if [ -n "$remote" ] && routes; then
            printf %s "$nonce" > "$out"
          elif (exec 3<>"/dev/tcp/127.0.0.1/$baitPort") 2>/dev/null; then
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
