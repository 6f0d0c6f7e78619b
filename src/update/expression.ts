/**
 * Nix code that `update` evaluates. Everything that varies comes in as JSON; nothing is printed into it.
 */

/** Downloads a source tree into the store, and says what locks it. */
export const fetchExpression = `{ request }:
let
  tree = builtins.fetchTree {
    type = "tarball";
    inherit (builtins.fromJSON request) url;
  };
in
{
  inherit (tree) narHash;
  lastModified = tree.lastModified or null;
  path = tree.outPath;
}
`;

/**
 * Asks one revision of nixpkgs for attributes: which are there without aliases, which evaluate under the
 * permitted names, and their versions.
 *
 * An attribute that throws is caught; a package is asked for its derivation path, because that is what
 * checks licences, known vulnerabilities and platforms. The tree is in the store already, under the name
 * that `fetchTarball` gives it: nothing is downloaded again.
 */
export const attributesExpression = `{ request }:
let
  asked = builtins.fromJSON request;
  nameOf = package: package.pname or (builtins.parseDrvName (package.name or "")).name;
  permits = names: package: builtins.elem (nameOf package) names;
  pkgs = import (builtins.fetchTarball { inherit (asked) url sha256; }) {
    inherit (asked) system;
    overlays = [ ];
    crossOverlays = [ ];
    config = {
      allowAliases = false;
      allowUnfreePredicate = permits asked.unfree;
      allowInsecurePredicate = permits asked.insecure;
    };
  };
  attempt = value: builtins.tryEval value;
  below =
    found: name:
    let
      next = attempt (
        if found != null && builtins.isAttrs found.value && builtins.hasAttr name found.value then
          { value = builtins.getAttr name found.value; }
        else
          null
      );
    in
    if next.success then next.value else null;
  describe =
    { attribute, path }:
    let
      found = builtins.foldl' below { value = pkgs; } path;
      package = attempt (builtins.seq found.value.drvPath found.value);
      version = attempt (
        package.value.version or (builtins.parseDrvName (package.value.name or "")).version
      );
    in
    if found == null then
      {
        inherit attribute;
        state = "missing";
        version = null;
      }
    else if !package.success then
      {
        inherit attribute;
        state = "refused";
        version = null;
      }
    else
      {
        inherit attribute;
        state = "present";
        version = if version.success && builtins.isString version.value then version.value else null;
      };
in
map describe asked.attributes
`;
