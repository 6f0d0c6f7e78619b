# Maven and Leiningen. They find the Java of the environment, as nidify's wrappers have it.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  unit = suite.unitOf "maven";
  # nixpkgs ties both to a JDK; JAVA_HOME has the last word
  program =
    pname: deb: command: script:
    lib.optionalAttrs (suite.has deb) {
      ${pname} = dress {
        inherit pname;
        version = suite.versionOf deb;
        meta.mainProgram = command;
        passthru.unit = unit;
        drv = pkgs.runCommandLocal pname { } ''
          mkdir -p $out/bin
          {
            echo "#!${pkgs.runtimeShell}"
            echo "export JAVA_HOME=\''${JAVA_HOME-${pkgs.jdk.home}}"
            echo "exec ${unit}/${script} \"\$@\""
          } > $out/bin/${command}
          chmod +x $out/bin/${command}
          # what Debian has of Maven's central repository, for builds that have no network
          ln -s ${unit}/share/maven-repo $out/maven-repo
        '';
      };
    };
in
program "maven" "maven" "mvn" "share/maven/bin/mvn" // program "leiningen" "leiningen" "lein" "bin/lein"
