{ lib }:
rec {
  cleanSourceFilter =
    path: type:
    let
      name = baseNameOf path;
    in
    !(builtins.elem name [
      ".git"
      ".svn"
      ".hg"
      ".direnv"
    ])
    && !(type == "symlink" && lib.hasPrefix "result" name);
  cleanSource = src: cleanSourceWith {
    inherit src;
    filter = cleanSourceFilter;
  };
  cleanSourceWith =
    {
      src,
      filter ? _: _: true,
      name ? "source",
    }:
    builtins.path {
      path = src;
      inherit filter name;
    };
  sourceByRegex =
    src: patterns:
    cleanSourceWith {
      inherit src;
      filter =
        path: _:
        let
          relative = lib.removePrefix (toString src + "/") path;
        in
        lib.any (pattern: builtins.match pattern relative != null) patterns;
    };
}
