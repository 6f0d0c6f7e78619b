# The environments of shell.nix, with nixpkgs from a mirror where one is named: `<mirror>/<revision>.tar.gz`.
{ mirror ? "" }:
let
  lock = builtins.fromJSON (builtins.readFile ./flake.lock);
  fromMirror =
    name:
    let
      inherit (lock.nodes.${lock.nodes.root.inputs.${name}}) locked;
    in
    fetchTarball {
      url = "${mirror}/${locked.rev}.tar.gz";
      sha256 = locked.narHash;
    };
  inputs = builtins.mapAttrs (name: _: fromMirror name) lock.nodes.root.inputs;
in
import ./shell.nix (if mirror == "" then { } else inputs)
