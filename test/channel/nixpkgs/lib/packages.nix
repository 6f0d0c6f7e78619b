# Names, versions, outputs and paths of packages.
{ lib }:
rec {
  getName = x: if builtins.isString x then (parse x).name else x.pname or (parse x.name).name;
  getVersion =
    x: if builtins.isString x then (parse x).version else x.version or (parse x.name).version;
  parse = builtins.parseDrvName;

  getOutput =
    output: package:
    if package.outputSpecified or false then
      package
    else
      package.${output} or package.out or package;
  getBin = getOutput "bin";
  getLib = getOutput "lib";
  getDev = getOutput "dev";
  getMan = getOutput "man";
  getExe = package: getExe' package (package.meta.mainProgram or (getName package));
  getExe' = package: name: "${getBin package}/bin/${name}";

  makeSearchPath =
    subdirectory: packages:
    lib.concatStringsSep ":" (
      map (package: "${package}/${subdirectory}") (builtins.filter (package: package != null) packages)
    );
  makeSearchPathOutput =
    output: subdirectory: packages:
    makeSearchPath subdirectory (map (getOutput output) packages);
  makeLibraryPath = makeSearchPathOutput "lib" "lib";
  makeIncludePath = makeSearchPathOutput "dev" "include";
  makeBinPath = makeSearchPathOutput "bin" "bin";
  isStorePath =
    x: builtins.substring 0 (builtins.stringLength builtins.storeDir) (toString x) == builtins.storeDir;
}
