# Refuses packages as nixpkgs does: a function of a package's attributes (name, pname, version, meta) that is
# true or throws.
{ lib, config }:
let
  fromEnvironment = variable: builtins.getEnv variable == "1";
  allowUnfree = config.allowUnfree or false || fromEnvironment "NIXPKGS_ALLOW_UNFREE";
  allowUnfreePredicate = config.allowUnfreePredicate or (_: false);
  allowInsecurePredicate =
    config.allowInsecurePredicate
      or (package: builtins.elem package.name (config.permittedInsecurePackages or [ ]));

  licenses = package: lib.toList (package.meta.license or [ ]);
  isUnfree = package: lib.any (license: !(license.free or true)) (licenses package);
  vulnerabilities = package: package.meta.knownVulnerabilities or [ ];

  position = package: package.meta.position or "«unknown-file»";
  licenseNames = package: lib.concatMapStringsSep ", " (license: license.shortName) (licenses package);
  refuse =
    package: reason: remedy:
    throw ''
      Package ‘${package.name}’ in ${position package} ${reason}, refusing to evaluate.

      ${remedy}'';
in
package:
if isUnfree package && !allowUnfree && !(allowUnfreePredicate package) then
  refuse package
    "has an unfree license (‘${licenseNames package}’)"
    ''
      a) To temporarily allow unfree packages, you can use an environment variable
         for a single invocation of the nix tools.

           $ export NIXPKGS_ALLOW_UNFREE=1

      b) For `nix-build`, `nix-shell` and flakes, pass
           { allowUnfreePredicate = pkg: builtins.elem (lib.getName pkg) [ "${lib.getName package}" ]; }
         as config to the import of nixpkgs.''
else if
  vulnerabilities package != [ ]
  && !(allowInsecurePredicate package)
  && !(fromEnvironment "NIXPKGS_ALLOW_INSECURE")
then
  refuse package "is marked as insecure" ''
    Known issues:
    ${lib.concatMapStrings (issue: " - ${issue}\n") (vulnerabilities package)}
    You can install it anyway by allowing this package, using the
    following methods:

      permittedInsecurePackages = [ "${package.name}" ];''
else
  true
