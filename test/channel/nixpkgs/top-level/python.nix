# Python with the modules that environments put beside it, and three of its package managers.
{
  lib,
  debian,
  set,
  pkgs,
  dress,
  ...
}:
let
  python =
    suite: attribute:
    let
      line = lib.removePrefix "python3" attribute;
      pythonVersion = "3.${line}";
      unit = suite.unitOf "python3";
      sitePackages = "lib/python${pythonVersion}/site-packages";

      # A module, and those below it, as nixpkgs lays them out
      module =
        pname: deb:
        dress {
          inherit pname;
          attribute = "python${pythonVersion}-${pname}";
          version = suite.versionOf deb;
          drv = pkgs.runCommandLocal "python${pythonVersion}-${pname}" { } ''
            mkdir -p $out/${sitePackages}
            for unit in ${toString (suite.closureOf deb)}; do
              [ -d $unit/lib/python3/dist-packages ] || continue
              ln -sf $unit/lib/python3/dist-packages/* $out/${sitePackages}/
            done
          '';
        };
      modules = lib.mapAttrs module (
        lib.filterAttrs (_: suite.has) {
          pip = "python3-pip";
          pyyaml = "python3-yaml";
          setuptools = "python3-setuptools";
          wheel = "python3-wheel";
        }
      );

      self = dress {
        inherit attribute;
        pname = "python3";
        version = suite.versionOf "python${pythonVersion}";
        drv = unit;
        meta.mainProgram = "python${pythonVersion}";
        passthru = {
          inherit pythonVersion sitePackages;
          interpreter = "${unit}/bin/python${pythonVersion}";
          executable = "python${pythonVersion}";
          isPy3 = true;
          pkgs = modules // { python = self; };
          withPackages =
            choose:
            pkgs.buildEnv {
              name = "python3-${self.version}-env";
              paths = [ unit ] ++ choose self.pkgs;
              ignoreCollisions = true;
              passthru = {
                inherit (self) interpreter pythonVersion sitePackages;
                python = self;
              };
              meta.mainProgram = "python${pythonVersion}";
              postBuild = ''
                for name in python python3 python${pythonVersion}; do
                  rm -f $out/bin/$name
                  {
                    echo "#!${pkgs.runtimeShell}"
                    echo "export NIX_PYTHONPREFIX=$out NIX_PYTHONEXECUTABLE=$out/bin/$name"
                    echo "export NIX_PYTHONPATH=$out/${sitePackages}"
                    echo "exec ${unit}/bin/$name \"\$@\""
                  } > $out/bin/$name
                  chmod +x $out/bin/$name
                done
              '';
            };
        };
      };
    in
    {
      ${attribute} = self;
      "${attribute}Packages" = self.pkgs;
    };

  # Debian's Python programs find their modules in one place of the system: here each gets a list of its own
  application =
    attribute: deb: command:
    lib.optionalAttrs (debian.base.has deb) {
      ${attribute} = dress {
        pname = attribute;
        version = debian.base.versionOf deb;
        meta.mainProgram = command;
        drv = pkgs.runCommandLocal attribute { } ''
          mkdir -p $out/bin $out/libexec $out/lib/modules
          for unit in ${toString (debian.base.closureOf deb)}; do
            [ ! -d $unit/lib/python3/dist-packages ] ||
              cp -RL --no-preserve=mode $unit/lib/python3/dist-packages/. $out/lib/modules
          done
          ${debian.base.unitOf "python3"}/bin/python3 -m compileall -q --invalidation-mode unchecked-hash \
            $out/lib/modules > /dev/null || true
          # what it starts as its own interpreter has them as well
          {
            echo "#!${pkgs.runtimeShell}"
            echo "export NIX_PYTHONPATH=$out/lib/modules NIX_PYTHONEXECUTABLE=$out/libexec/python3"
            echo "exec ${debian.base.unitOf "python3"}/bin/python3 \"\$@\""
          } > $out/libexec/python3
          {
            echo "#!${pkgs.runtimeShell}"
            echo "exec $out/libexec/python3 ${debian.base.unitOf deb}/bin/${command} \"\$@\""
          } > $out/bin/${command}
          chmod +x $out/bin/${command} $out/libexec/python3
        '';
      };
    };

  attributeIn =
    suite:
    lib.findFirst (attribute: suite.has "python3.${lib.removePrefix "python3" attribute}") null (
      map (line: "python3${toString line}") (lib.range 9 20)
    );
  elsewhere = debian.suites.bookworm;
in
lib.optionalAttrs (elsewhere.has "python3") (python elsewhere (attributeIn elsewhere))
// python debian.base (attributeIn debian.base)
// application "poetry" "python3-poetry" "poetry"
// application "pipenv" "pipenv" "pipenv"
// application "pdm" "python3-pdm" "pdm"
// {
  python3 = pkgs.${set.python3};
  python3Packages = pkgs.${set.python3}.pkgs;
  python3Minimal = pkgs.${set.python3};
}
