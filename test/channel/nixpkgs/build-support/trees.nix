# Folders of links: buildEnv, symlinkJoin, linkFarm.
{ lib, runners }:
rec {
  buildEnv = lib.makeOverridable (
    {
      name,
      paths,
      pathsToLink ? [ "/" ],
      extraOutputsToInstall ? [ ],
      ignoreCollisions ? false,
      postBuild ? "",
      nativeBuildInputs ? [ ],
      buildInputs ? [ ],
      meta ? { },
      passthru ? { },
    }:
    runners.runCommandLocal name
      {
        inherit
          pathsToLink
          nativeBuildInputs
          buildInputs
          meta
          passthru
          postBuild
          ;
        collisions = lib.optionalString ignoreCollisions "ignored";
        passAsFile = [ "postBuild" ];
        paths = lib.concatMap (
          package:
          [ (lib.getBin package) ] ++ map (output: package.${output} or null) extraOutputsToInstall
        ) (lib.filter (path: path != null) (lib.flatten paths));
      }
      ''
        source ${./build-env.sh}
        source "$postBuildPath"
      ''
  );

  symlinkJoin =
    {
      name ? "${args.pname}-${args.version}",
      paths,
      postBuild ? "",
      meta ? { },
      passthru ? { },
      ...
    }@args:
    buildEnv (
      {
        inherit
          name
          paths
          postBuild
          meta
          passthru
          ;
        ignoreCollisions = true;
      }
      // builtins.intersectAttrs {
        nativeBuildInputs = null;
        buildInputs = null;
      } args
    );

  linkFarm =
    name: entries:
    let
      list =
        if builtins.isAttrs entries then
          lib.mapAttrsToList (name: path: { inherit name path; }) entries
        else
          entries;
    in
    runners.runCommandLocal name { } (
      "mkdir -p $out\ncd $out\n"
      + lib.concatMapStrings (entry: ''
        mkdir -p ${lib.escapeShellArg (dirOf entry.name)}
        ln -s ${entry.path} ${lib.escapeShellArg entry.name}
      '') list
    );

  emptyDirectory = runners.runCommandLocal "empty-directory" { } "mkdir $out";
}
