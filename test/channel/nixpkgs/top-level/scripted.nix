# More interpreters, and programs written for them, under nixpkgs' names.
{
  lib,
  debian,
  pkgs,
  dress,
  ...
}:
let
  suite = debian.base;
  when = deb: attrs: lib.optionalAttrs (suite.has deb) attrs;
in
when "texlive-latex-base" {
  # of the scheme what LaTeX itself and its usual packages are
  texliveMedium = dress {
    pname = "texlive-medium";
    attribute = "texliveMedium";
    version = suite.versionOf "texlive-latex-base";
    drv = suite.unitOf "texlive-latex-base";
    meta.mainProgram = "pdflatex";
  };
}
// when "lua5.4" (
  let
    unit = suite.unitOf "luarocks";
    headers = (suite.unitOf "liblua5.4-dev").dev;
    lua = dress {
      pname = "lua";
      version = suite.versionOf "lua5.4";
      drv = pkgs.runCommandLocal "lua" { } ''
        mkdir -p $out/bin
        ln -s ${suite.unitOf "lua5.4"}/bin/lua5.4 $out/bin/lua
        ln -s ${suite.unitOf "lua5.4"}/bin/luac5.4 $out/bin/luac
        mkdir -p $out/include
        ln -s ${headers}/include/lua5.4/* ${headers}/include/lua5.4-*.h $out/include/
      '';
    };
    # A program of Debian's in Lua; as in nixpkgs, its modules are its own affair, whatever LUA_PATH says
    script =
      pname: deb: command: settings:
      dress {
        inherit pname;
        version = suite.versionOf deb;
        drv = pkgs.writeShellScriptBin pname ''
          ${settings}
          exec ${lua}/bin/lua -e 'package.path = "${unit}/share/lua/5.4/?.lua;${unit}/share/lua/5.4/?/init.lua;" .. package.path
            package.cpath = "${unit}/lib/lua/5.4/?.so;" .. package.cpath' ${unit}/bin/${command} "$@"
        '';
      };
    config = pkgs.writeText "luarocks-config.lua" ''
      lua_interpreter = "lua"
      variables = { LUA_DIR = "${lua}", LUA_BINDIR = "${lua}/bin", LUA_INCDIR = "${lua}/include" }
    '';
    packages = {
      inherit lua;
      busted = script "busted" "lua-busted" "busted" "";
      luarocks = script "luarocks" "luarocks" "luarocks" ''
        export LUAROCKS_CONFIG="''${LUAROCKS_CONFIG-${config}}"
      '';
    };
  in
  {
    inherit lua;
    inherit (packages) luarocks;
    lua5_4 = lua;
    lua54Packages = packages;
  }
)
