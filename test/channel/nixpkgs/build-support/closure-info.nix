# The store paths below some roots, their sizes and what each refers to, as files.
{
  system,
  shell,
  path,
}:
{ rootPaths }:
derivation {
  name = "closure-info";
  inherit system;
  __structuredAttrs = true;
  exportReferencesGraph.closure = rootPaths;
  preferLocalBuild = true;
  PATH = path;
  builder = shell;
  args = [
    "-ec"
    ''
      . .attrs.sh
      export PATH
      out=''${outputs[out]}
      mkdir $out
      jq -r '.closure | map(.narSize) | add' < .attrs.json > $out/total-nar-size
      jq -r '.closure[] | [.path, .narHash, .narSize, "", (.references | length)] + .references | .[]' \
        < .attrs.json > $out/registration
      jq -r '.closure[].path' < .attrs.json > $out/store-paths
    ''
  ];
}
