# Sourced by stdenv/setup.sh when binutils are among the inputs.
_bintoolsAddLibraries() {
  if [ -d "$1/lib" ]; then export NIX_LDFLAGS="${NIX_LDFLAGS:-} -L$1/lib"; fi
}
addEnvHooks "$targetOffset" _bintoolsAddLibraries

export NIX_BINTOOLS=@out@
export NIX_BINTOOLS_WRAPPER_TARGET_HOST_x86_64_unknown_linux_gnu=1
export AR=ar AS=as LD=ld NM=nm OBJCOPY=objcopy OBJDUMP=objdump RANLIB=ranlib
export READELF=readelf SIZE=size STRINGS=strings STRIP=strip
: "${NIX_HARDENING_ENABLE=bindnow format fortify pic relro stackprotector strictoverflow}"
export NIX_HARDENING_ENABLE
