# The packages of a package-lock.json, each fetched by the hash that the lock has, and the lock rewritten
# to point at them: what `npm ci --offline` installs from in a sandboxed build.
#
# A lock that names no addresses (npm's omit-lockfile-registry-resolved) is served too: the address of a
# package follows from its name and version.
{
  lib,
  stdenv,
  fetchurl,
  runCommand,
  writeText,
}:
{
  name,
  packageJson,
  packageLock,
  registry ? "https://registry.npmjs.org",
}:
let
  lock = lib.importJSON packageLock;
  platform = stdenv.hostPlatform;
  os = if platform.isDarwin then "darwin" else "linux";
  cpu = if platform.isAarch64 then "arm64" else "x64";

  # Lists such as [ "darwin" "!x64" ]: https://docs.npmjs.com/cli/configuring-npm/package-json#os
  allows =
    value: list:
    let
      denied = lib.filter (lib.hasPrefix "!") list;
      named = lib.subtractLists denied list;
    in
    !(lib.elem "!${value}" denied) && (named == [ ] || lib.elem value named);

  isWanted =
    entry:
    entry ? integrity
    && allows os (entry.os or [ ])
    && allows cpu (entry.cpu or [ ])
    && allows "glibc" (entry.libc or [ ]);

  # node_modules/a/node_modules/@scope/b → @scope/b; an alias carries its real name.
  nameOf = path: entry: entry.name or (lib.last (lib.splitString "node_modules/" path));

  tarball =
    path: entry:
    let
      package = nameOf path entry;
      file = "${baseNameOf package}-${entry.version}.tgz";
    in
    fetchurl {
      name = lib.replaceStrings [ "@" "+" ] [ "" "-" ] file;
      url = entry.resolved or "${registry}/${package}/-/${file}";
      hash = entry.integrity;
    };

  rewritten = lock // {
    packages = lib.mapAttrs (
      path: entry: if isWanted entry then entry // { resolved = "file:${tarball path entry}"; } else entry
    ) lock.packages;
  };
in
runCommand "${name}-npm-dependencies" { } ''
  mkdir $out
  cp ${packageJson} $out/package.json
  cp ${writeText "package-lock.json" (builtins.toJSON rewritten)} $out/package-lock.json
''
