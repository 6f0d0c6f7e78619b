# What a nixpkgs says of some attributes, without its aliases: a list in the order of `names`, each null where
# there is no such attribute. `names`: a JSON file with attribute paths as lists.
{
  nixpkgs,
  names,
  system ? "x86_64-linux",
}:
let
  pkgs = import nixpkgs {
    inherit system;
    overlays = [ ];
    config = {
      allowAliases = false;
      allowUnfree = true;
      allowInsecurePredicate = _: true;
    };
  };

  find = builtins.foldl' (
    found: name: if builtins.isAttrs found && found ? ${name} then found.${name} else null
  ) pkgs;

  describe = package: {
    name = package.pname or (builtins.parseDrvName package.name).name;
    version = package.version or null;
    insecure = (package.meta.knownVulnerabilities or [ ]) != [ ];
    unfree = package.meta.unfree or false;
    evaluates = (builtins.tryEval (builtins.seq package.drvPath true)).success;
  };

  answer =
    path:
    let
      found = find path;
      described = if found == null then null else describe found;
      result = builtins.tryEval (builtins.deepSeq described described);
    in
    if result.success then result.value else null;
in
map answer (builtins.fromJSON (builtins.readFile names))
