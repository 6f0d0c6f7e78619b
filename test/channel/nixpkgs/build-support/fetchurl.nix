{ lib }:
{
  url ? lib.head urls,
  urls ? [ url ],
  hash ? "",
  sha256 ? "",
  sha512 ? "",
  name ? baseNameOf url,
  ...
}:
derivation {
  inherit name url urls;
  builder = "builtin:fetchurl";
  system = "builtin";
  executable = false;
  unpack = false;
  outputHashMode = "flat";
  outputHash = lib.findFirst (given: given != "") lib.fakeHash [
    hash
    sha512
    sha256
  ];
  outputHashAlgo =
    if hash != "" then
      null
    else if sha512 != "" then
      "sha512"
    else
      "sha256";
  preferLocalBuild = true;
  impureEnvVars = [
    "http_proxy"
    "https_proxy"
    "no_proxy"
  ];
}
