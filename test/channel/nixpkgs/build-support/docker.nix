# dockerTools: images in docker's archive format, one layer per store path until there are too many.
{
  lib,
  shell,
  pkgs,
  closureInfo,
}:
let
  inherit (pkgs) runCommand runCommandLocal writeText;
  toList = value: if value == null then [ ] else lib.toList value;

  stream =
    {
      name,
      tag ? null,
      contents ? [ ],
      config ? { },
      architecture ? pkgs.go.GOARCH or "amd64",
      created ? "1970-01-01T00:00:01Z",
      maxLayers ? 100,
      extraCommands ? "",
      fakeRootCommands ? "",
      includeStorePaths ? true,
      uid ? 0,
      gid ? 0,
      passthru ? { },
      ...
    }:
    let
      baseName = baseNameOf name;
      imageConfig = writeText "${baseName}-base.json" (
        builtins.toJSON {
          inherit created architecture config;
          os = "linux";
        }
      );
      customisation = runCommand "${baseName}-customisation-layer" {
        inherit extraCommands fakeRootCommands;
        contents = toList contents;
        passAsFile = [
          "extraCommands"
          "fakeRootCommands"
        ];
      } ''
        mkdir -p $out
        for content in $contents; do
          cp -rs --no-preserve=mode,ownership $content/. $out/ 2> /dev/null || true
          find $out -type d -exec chmod u+w {} +
        done
        rm -rf $out/nix-support
        cd $out
        source $extraCommandsPath
        source $fakeRootCommandsPath
      '';
      closure = closureInfo { rootPaths = [ imageConfig ] ++ toList contents ++ [ customisation ]; };
      layout = writeText "${baseName}-layout.json" (
        builtins.toJSON {
          inherit customisation uid gid;
          config = imageConfig;
          repository = name;
          inherit tag;
          registration = lib.optionalString includeStorePaths "${closure}/registration";
          skip = [
            imageConfig
            customisation
          ];
          max_layers = maxLayers;
        }
      );
    in
    runCommand "stream-${baseName}" {
      passthru = {
        imageName = name;
        imageTag = if tag == null then "latest" else tag;
      } // passthru;
    } ''
      {
        echo "#!${shell}"
        echo 'exec ${pkgs.python3.interpreter} -B ${./stream-image.py} ${layout} "$@"'
      } > $out
      chmod +x $out
    '';

  compressed =
    image:
    runCommand "${baseNameOf image.imageName}.tar.gz" {
      passthru = {
        inherit (image) imageName imageTag;
        stream = image;
      };
    } ''
      set -o pipefail
      ${image} | gzip -1 -n > $out
    '';
in
rec {
  streamLayeredImage = lib.makeOverridable stream;
  buildLayeredImage = lib.makeOverridable (args: compressed (stream args));
  buildImage = lib.makeOverridable (
    args:
    compressed (
      stream (
        removeAttrs args [ "copyToRoot" ]
        // {
          contents = args.copyToRoot or args.contents or [ ];
          maxLayers = 2;
        }
      )
    )
  );
  pullImage = throw "this channel cannot pull images";

  binSh = runCommandLocal "bin-sh" { } ''
    mkdir -p $out/bin
    ln -s ${shell} $out/bin/sh
  '';
  usrBinEnv = runCommandLocal "usr-bin-env" { } ''
    mkdir -p $out/usr/bin
    ln -s ${pkgs.coreutils}/bin/env $out/usr/bin/env
  '';
  caCertificates = runCommandLocal "ca-certificates" { } ''
    mkdir -p $out/etc/ssl/certs $out/etc/pki/tls/certs
    for name in ssl/certs/ca-bundle.crt ssl/certs/ca-certificates.crt pki/tls/certs/ca-bundle.crt; do
      ln -s ${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt $out/etc/$name
    done
  '';
  fakeNss = runCommandLocal "fake-nss" { } ''
    mkdir -p $out/etc $out/var/empty
    printf '%s\n' \
      'root:x:0:0:root user:/var/empty:/bin/sh' \
      'nobody:x:65534:65534:nobody:/var/empty:/bin/sh' > $out/etc/passwd
    printf '%s\n' 'root:x:0:' 'nobody:x:65534:' > $out/etc/group
    echo 'hosts: files dns' > $out/etc/nsswitch.conf
  '';
}
