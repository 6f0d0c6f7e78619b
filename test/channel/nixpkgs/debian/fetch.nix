# A file from the network as a fixed-output derivation that Nix itself downloads: no curl is needed to
# get curl.
{ lib }:
{
  url,
  hash,
  name ? import ./store-name.nix (baseNameOf url),
}:
derivation {
  inherit name url;
  urls = [ url ];
  builder = "builtin:fetchurl";
  system = "builtin";
  executable = false;
  unpack = false;
  outputHashMode = "flat";
  outputHash = hash;
  # npm's integrity names its algorithm itself, Debian's index does not
  outputHashAlgo = if lib.hasInfix "-" hash then null else "sha256";
  preferLocalBuild = true;
  impureEnvVars = [
    "http_proxy"
    "https_proxy"
    "all_proxy"
    "no_proxy"
  ];
}
