# Finds a derivation in a repository's own flake, which is code that nobody has looked at. Flakes are not used for it:
# `builtins.getFlake` takes folders of this machine, so that it must not be there. The inputs are what nidify read in
# flake.lock, fetched by their hashes; the flake itself is in the store, where its hash finds it.
# `request` is JSON; nothing is printed into this file.
{ request }:
let
  asked = builtins.fromJSON request;

  archive =
    { url, narHash }:
    fetchTarball {
      name = "source";
      inherit url;
      sha256 = narHash;
    };
  checkout =
    {
      url,
      rev,
      ref,
      submodules,
      narHash,
    }:
    let
      fetched = fetchGit (
        {
          inherit url rev submodules;
        }
        // (if ref == null then { allRefs = true; } else { inherit ref; })
      );
    in
    if fetched.narHash == narHash then
      fetched.outPath
    else
      throw "hash mismatch in file downloaded from '${url}': it is ${fetched.narHash}";
  fetch = {
    inherit archive checkout;
    within = { path }: "${archive asked.nodes.${asked.root}.source.archive}/${path}";
  };

  flakeOf =
    name:
    {
      source,
      dir,
      isFlake,
      inputs,
      facts,
    }:
    let
      kind = builtins.head (builtins.attrNames source);
      tree = fetch.${kind} source.${kind};
      outPath = if dir == "" then tree else "${tree}/${dir}";
      sourceInfo = facts // {
        outPath = tree;
      };
      flake = import "${outPath}/flake.nix";
      given = builtins.mapAttrs (_: node: flakes.${node}) inputs;
      wanted = builtins.attrNames (
        removeAttrs (flake.inputs or { } // builtins.functionArgs flake.outputs) [ "self" ]
      );
      optional = builtins.functionArgs flake.outputs;
      missing = builtins.filter (input: !(given ? ${input} || optional.${input} or false)) wanted;
      outputs =
        if missing == [ ] then
          flake.outputs (given // { self = result; })
        else
          throw "nidify: flake.lock does not pin ${builtins.head missing} of ${name}";
      result =
        outputs
        // sourceInfo
        // {
          inherit outPath outputs sourceInfo;
          inputs = given;
          _type = "flake";
        };
    in
    if isFlake then result else sourceInfo // { inherit sourceInfo; };
  flakes = builtins.mapAttrs flakeOf asked.nodes;

  step =
    at: name:
    if at.found && builtins.isAttrs at.value && at.value ? ${name} then
      {
        found = true;
        value = at.value.${name};
      }
    else
      {
        found = false;
        value = null;
      };
  walk = builtins.foldl' step {
    found = true;
    value = flakes.${asked.root};
  };
  paths = builtins.filter (path: (walk path).found) asked.paths;
  path = builtins.head paths;
  derivation = (walk path).value;
in
{
  result =
    if paths == [ ] then
      throw "nidify: the flake has no such attribute"
    else if derivation.type or null != "derivation" then
      throw "nidify: the attribute is no derivation"
    else
      {
        inherit path;
        derivation = builtins.unsafeDiscardStringContext derivation.drvPath;
        output = derivation.outputName or "out";
      };
}
