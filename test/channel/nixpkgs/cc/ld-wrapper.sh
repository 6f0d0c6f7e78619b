#!@shell@
# Runs @ld@ with the environment's flags, this C library's loader, and a run-time path to each library of the
# store that is linked.
set -eu

# shellcheck disable=SC2206 # lists of flags, split on purpose
arguments=("$@" ${NIX_LDFLAGS-})

kind=program
directories=()
libraries=()
files=()
previous=
for argument in "${arguments[@]}"; do
  case $previous in
    -L) directories+=("$argument") ;;
    -l) libraries+=("lib$argument.so") ;;
    -dynamic-linker | -plugin | -o | -rpath | -rpath-link | -soname | -h) ;;
    *)
      case $argument in
        -L?*) directories+=("${argument#-L}") ;;
        -l:*) libraries+=("${argument#-l:}") ;;
        -l?*) libraries+=("lib${argument#-l}.so") ;;
        -shared | -r | -static | -static-pie) kind=${argument#-} ;;
        /nix/store/*.so | /nix/store/*.so.*) files+=("$argument") ;;
      esac
      ;;
  esac
  previous=$argument
done

extra=()
if [ "$kind" = program ]; then extra+=(-dynamic-linker @glibc@/lib/ld-linux-x86-64.so.2); fi

declare -A added=()
add_rpath() {
  # links are followed: Debian keeps libz.so and libz.so.1 apart
  local file directory magic=
  file=$(realpath -e "$1")
  # not for linker scripts, which libc.so and libgcc_s.so are
  LC_ALL=C IFS= read -r -d '' -n 4 magic < "$file" || true
  [ "$magic" = $'\x7fELF' ] || return 0
  directory=${file%/*}
  [[ $directory == /nix/store/* ]] && [ -z "${added[$directory]-}" ] || return 0
  added[$directory]=1
  extra+=(-rpath "$directory")
}
if [ "$kind" = program ] || [ "$kind" = shared ]; then
  for library in "${libraries[@]}"; do
    for directory in "${directories[@]}"; do
      [ -e "$directory/$library" ] || continue
      add_rpath "$directory/$library"
      break
    done
  done
  for file in "${files[@]}"; do add_rpath "$file"; done
  extra+=(-rpath @glibc@/lib)
fi

for flag in ${NIX_HARDENING_ENABLE-}; do
  case $flag in
    relro) extra+=(-z relro) ;;
    bindnow) extra+=(-z now) ;;
  esac
done

exec @ld@ "${arguments[@]}" "${extra[@]}"
