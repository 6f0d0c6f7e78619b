# Sourced by stdenv/setup.sh when the compiler is among the inputs.
_ccAddHeaders() {
  if [ -d "$1/include" ]; then export NIX_CFLAGS_COMPILE="${NIX_CFLAGS_COMPILE:-} -isystem $1/include"; fi
}
addEnvHooks "$targetOffset" _ccAddHeaders

export FC=gfortran
export NIX_CC=@out@
export NIX_CC_WRAPPER_TARGET_HOST_x86_64_unknown_linux_gnu=1
export CC=gcc CXX=g++
