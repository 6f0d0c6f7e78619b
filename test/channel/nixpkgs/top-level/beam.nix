# Erlang, and what is built for it, in the sets of nixpkgs.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  unit = suite.unitOf "erlang-base";
  major = lib.versions.major (suite.versionOf "erlang-base");
  name = "erlang_${major}";

  # of the unit, without what is built on it
  programs = [
    "ct_run"
    "dialyzer"
    "epmd"
    "erl"
    "erlc"
    "escript"
    "run_erl"
    "to_erl"
    "typer"
  ];
  erlang = dress {
    pname = "erlang";
    version = suite.versionOf "erlang-base";
    meta.mainProgram = "erl";
    drv = pkgs.runCommandLocal "erlang" { } ''
      mkdir -p $out/bin
      for program in ${toString programs}; do
        [ ! -e ${unit}/bin/$program ] || ln -s ${unit}/bin/$program $out/bin/
      done
      ln -s ${unit}/lib $out/lib
    '';
  };
  # As in nixpkgs, its Erlang is before the environment's
  withErlang =
    pname: deb: commands:
    dress {
      inherit pname;
      version = suite.versionOf deb;
      drv = pkgs.runCommandLocal pname { } ''
        mkdir -p $out/bin
        for command in ${toString commands}; do
          {
            echo "#!${pkgs.runtimeShell}"
            echo "export PATH=${lib.makeBinPath [ erlang ]}:\$PATH"
            echo "exec ${suite.unitOf deb}/bin/$command \"\$@\""
          } > $out/bin/$command
          chmod +x $out/bin/$command
        done
      '';
    };
  elixir = withErlang "elixir" "elixir" [
    "elixir"
    "elixirc"
    "iex"
    "mix"
  ];
  elixirName = "elixir_${
    lib.replaceStrings [ "." ] [ "_" ] (lib.versions.majorMinor (suite.versionOf "elixir"))
  }";
  rebar3 = withErlang "rebar3" "rebar3" [ "rebar3" ];
in
lib.optionalAttrs (suite.has "elixir") {
  inherit elixir erlang rebar3;
  ${name} = erlang;
  ${elixirName} = elixir;
  beam = {
    interpreters = {
      inherit erlang;
      ${name} = erlang;
    };
    packages.${name} = {
      inherit elixir erlang rebar3;
      ${elixirName} = elixir;
    };
  };
}
