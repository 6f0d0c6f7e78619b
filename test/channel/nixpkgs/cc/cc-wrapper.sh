#!@shell@
# Runs @program@ with the environment's flags around the caller's.
set -eu

linking=1
question=
for argument in "$@"; do
  case $argument in
    -c | -S | -E | -M | -MM | -fsyntax-only) linking= ;;
    -dumpversion | -dumpmachine | --version | -v | -print-*) question=1 ;;
  esac
done
case ${0##*/} in cpp) linking= ;; esac

# where several compilers are one tree of links, that is where they look for one another
before=(-B@bintools@/bin @beside@)
after=(-idirafter @headers@/include -idirafter @headers@/include/x86_64-linux-gnu)

case ${0##*/} in
  cpp) ;;
  *)
    before+=(-B@out@/lib)
    for flag in ${NIX_HARDENING_ENABLE-}; do
      case $flag in
        # an option of C's
        format) case ${0##*/} in gfortran) ;; *) before+=(-Wformat -Wformat-security -Werror=format-security) ;; esac ;;
        fortify) before+=(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2) ;;
        pic) before+=(-fPIC) ;;
        stackprotector) before+=(-fstack-protector-strong --param ssp-buffer-size=4) ;;
        strictoverflow) before+=(-fno-strict-overflow) ;;
      esac
    done
    ;;
esac

# shellcheck disable=SC2206 # lists of flags, split on purpose
after+=(${NIX_CFLAGS_COMPILE-})
if [ -n "$linking" ]; then
  # shellcheck disable=SC2206
  after+=(-L@out@/lib -L@glibc@/lib -L@libstdcxx@/lib ${NIX_CFLAGS_LINK-})
fi
# what asks the compiler about itself is not disturbed
if [ -n "$question" ] && [ $# -eq 1 ]; then exec @program@ "$@"; fi

exec @program@ "${before[@]}" "$@" "${after[@]}"
