# The node_modules folder of a package-lock.json, each package fetched by the hash that the lock has and
# unpacked where the lock says: what `npm ci --ignore-scripts` installs, without npm and without a network.
#
# A lock that names no addresses (npm's omit-lockfile-registry-resolved) is served too: the address of a
# package follows from its name and version.
{
  lib,
  stdenv,
  fetchurl,
  runCommand,
}:
{
  name,
  packageLock,
  # Also what only development needs.
  dev ? true,
  registry ? "https://registry.npmjs.org",
}:
let
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
    && (dev || !(entry.dev or false))
    && allows os (entry.os or [ ])
    && allows cpu (entry.cpu or [ ])
    && allows "glibc" (entry.libc or [ ]);

  # Folders below node_modules, outer ones before those inside them.
  packages = lib.filterAttrs (_: isWanted) (lib.importJSON packageLock).packages;

  tarball =
    path: entry:
    let
      # node_modules/a/node_modules/@scope/b → @scope/b; an alias carries its real name.
      package = entry.name or (lib.last (lib.splitString "node_modules/" path));
      file = "${baseNameOf package}-${entry.version}.tgz";
    in
    fetchurl {
      name = lib.replaceStrings [ "@" "+" ] [ "" "-" ] file;
      url = entry.resolved or "${registry}/${package}/-/${file}";
      hash = entry.integrity;
    };

  unpack = path: entry: ''
    mkdir -p ${lib.escapeShellArg path}
    tar -xzf ${tarball path entry} -C ${lib.escapeShellArg path} --strip-components=1 --no-same-owner
  '';

  # Programs of the packages at the top, as npm links them.
  isTop = path: lib.length (lib.splitString "node_modules/" path) == 2;
  link =
    path: entry:
    lib.concatStrings (
      lib.mapAttrsToList (program: file: ''
        chmod +x ${lib.escapeShellArg "${path}/${file}"}
        ln -s ${lib.escapeShellArg "../${lib.removePrefix "node_modules/" path}/${file}"} node_modules/.bin/${lib.escapeShellArg program}
      '') (lib.optionalAttrs (isTop path) (entry.bin or { }))
    );
in
runCommand "${name}-node-modules" { } ''
  mkdir -p $out/node_modules/.bin
  cd $out
  ${lib.concatStrings (lib.mapAttrsToList unpack packages)}
  chmod -R u+w .
  ${lib.concatStrings (lib.mapAttrsToList link packages)}
''
