{ lib }:
let
  inherit (builtins)
    elem
    filter
    foldl'
    head
    tail
    ;
in
rec {
  inherit (builtins)
    attrNames
    attrValues
    catAttrs
    getAttr
    hasAttr
    intersectAttrs
    listToAttrs
    mapAttrs
    removeAttrs
    ;

  nameValuePair = name: value: { inherit name value; };
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  optionalAttrs = condition: attrs: if condition then attrs else { };
  filterAttrs =
    predicate: attrs:
    removeAttrs attrs (filter (name: !(predicate name attrs.${name})) (attrNames attrs));
  mapAttrs' = f: attrs: listToAttrs (map (name: f name attrs.${name}) (attrNames attrs));
  mapAttrsToList = f: attrs: map (name: f name attrs.${name}) (attrNames attrs);
  attrsToList = mapAttrsToList nameValuePair;
  concatMapAttrs = f: attrs: foldl' lib.mergeAttrs { } (mapAttrsToList f attrs);
  foldlAttrs =
    f: initial: attrs:
    foldl' (acc: name: f acc name attrs.${name}) initial (attrNames attrs);
  attrVals = names: attrs: map (name: attrs.${name}) names;
  getAttrs = names: attrs: genAttrs names (name: attrs.${name});
  zipAttrsWith =
    f: sets: genAttrs (lib.unique (lib.concatMap attrNames sets)) (name: f name (catAttrs name sets));
  mergeAttrsList = foldl' lib.mergeAttrs { };

  attrByPath =
    path: default: attrs:
    if path == [ ] then
      attrs
    else if attrs ? ${head path} then
      attrByPath (tail path) default attrs.${head path}
    else
      default;
  hasAttrByPath =
    path: attrs:
    path == [ ] || (attrs ? ${head path} && hasAttrByPath (tail path) attrs.${head path});
  getAttrFromPath =
    path: attrByPath path (throw "cannot find attribute '${lib.concatStringsSep "." path}'");
  setAttrByPath =
    path: value: if path == [ ] then value else { ${head path} = setAttrByPath (tail path) value; };

  recursiveUpdate =
    left: right:
    if builtins.isAttrs left && builtins.isAttrs right && !(isDerivation left) then
      left
      // mapAttrs (
        name: value: if left ? ${name} then recursiveUpdate left.${name} value else value
      ) right
    else
      right;

  recurseIntoAttrs = attrs: attrs // { recurseForDerivations = true; };
  dontRecurseIntoAttrs = attrs: attrs // { recurseForDerivations = false; };
  isDerivation = x: x.type or null == "derivation";
}
