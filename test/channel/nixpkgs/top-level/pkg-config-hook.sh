_pkgConfigAdd() {
  addToSearchPath PKG_CONFIG_PATH "$1/lib/pkgconfig"
  addToSearchPath PKG_CONFIG_PATH "$1/share/pkgconfig"
}
addEnvHooks "$targetOffset" _pkgConfigAdd
export PKG_CONFIG=pkg-config
