# Makes one store path of some Debian packages. Busybox ash.
# env: builder debs deps depsDev glibc patchelf bash fixupLib fixup out, and dev where it has headers
set -eu
"$builder" mkdir -p "$TMPDIR/busybox"
"$builder" --install -s "$TMPDIR/busybox"
export PATH="$TMPDIR/busybox"
umask 022
. "$fixupLib"

multiarch=x86_64-linux-gnu
root=$TMPDIR/root

unpack() {
  mkdir "$root"
  for deb in $debs; do
    # setuid bits and owners cannot be set in a sandbox, and are not wanted
    ar p "$deb" data.tar.xz | xz -dc | tar -x -C "$root" -f - --no-same-permissions 2> "$TMPDIR/errors" ||
      if grep -vi 'operation not permitted' "$TMPDIR/errors" >&2; then exit 1; fi
  done
}

# Debian's /usr, and what a merged /usr left outside of it, become the root of the store path
flatten() {
  mkdir -p "$out"
  for directory in bin sbin lib lib64; do
    move "$root/$directory" "$out/$directory"
    move "$root/usr/$directory" "$out/$directory"
  done
  move "$root/usr" "$out"
  move "$root/etc" "$out/etc"
  for directory in doc man lintian bug info locale bash-completion doc-base; do
    rm -rf "$out/share/$directory"
  done
  rm -rf "$out/games"

  alias_of "$out/lib/$multiarch" "$out/lib" .
  alias_of "$out/lib64" "$out/lib" lib
  alias_of "$out/sbin" "$out/bin" bin
}

move() {
  [ -d "$1" ] && [ ! -L "$1" ] || return 0
  mkdir -p "$2"
  cp -a "$1/." "$2/"
  rm -rf "$1"
}

# alias_of DIRECTORY INTO LINK: moves its content and leaves a link
alias_of() {
  [ -d "$1" ] && [ ! -L "$1" ] || return 0
  mkdir -p "$2"
  for entry in "$1"/*; do
    # it may be empty
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    # lib64 has links to what lib has
    if [ -d "$entry" ] && [ -d "$2/${entry##*/}" ]; then
      cp -a "$entry/." "$2/${entry##*/}/"
    elif [ ! -e "$2/${entry##*/}" ]; then
      cp -a "$entry" "$2/"
    fi
  done
  rm -rf "$1"
  ln -s "$3" "$1"
}

# Links to absolute paths, and to files that another Debian package has, are bent to the store path that
# has the file
relink() {
  find "$out" -type l | while read -r link; do
    target=$(readlink "$link")
    case $target in
      "$out"/* | /nix/*) continue ;;
      /*) path=${target#/}; path=${path#usr/} ;;
      *) [ -e "$link" ] && continue; path=lib/${target##*/} ;;
    esac
    rm "$link"
    for candidate in "$out" $deps; do
      [ -e "$candidate/$path" ] || continue
      ln -s "$candidate/$path" "$link"
      break
    done
  done
}

# Each program gets the loader, and each file the folders of the libraries that it names (and no others)
patch_elf() {
  rpath=$out/lib
  for dependency in $deps; do [ ! -d "$dependency/lib" ] || rpath=$rpath:$dependency/lib; done
  [ "$glibc" = self ] || rpath=$rpath:$glibc/lib
  find "$out" -type f \( -perm /111 -o -name '*.so' -o -name '*.so.*' \) | while read -r file; do
    is_elf "$file" || continue
    # fixup/golang-go.sh sees to go itself
    case $file in *.o | *.a | */ld-linux-x86-64.so.2 | "$out"/lib/go-1.*/bin/*) continue ;; esac
    chmod u+w "$file"
    if ! before=$("$patchelf/bin/patchelf" --print-rpath "$file" 2> /dev/null); then continue; fi
    # folders relative to the file stay right
    own=$(echo "$before" | tr ':' '\n' | grep '^\$ORIGIN' | tr '\n' ':') || own=
    if "$patchelf/bin/patchelf" --print-interpreter "$file" > /dev/null 2>&1; then
      "$patchelf/bin/patchelf" --set-interpreter "$glibc/lib/ld-linux-x86-64.so.2" "$file"
    fi
    "$patchelf/bin/patchelf" --set-rpath "$own$rpath" "$file"
    "$patchelf/bin/patchelf" --shrink-rpath "$file"
  done
}

patch_scripts() {
  find "$out" -type f -perm /111 | while read -r file; do
    IFS= read -r first < "$file" 2> /dev/null || continue
    case $first in '#!'*) ;; *) continue ;; esac
    # shellcheck disable=SC2086 # the line is split into interpreter and arguments on purpose
    set -- ${first#'#!'}
    [ "${1##*/}" != env ] || shift
    [ $# -gt 0 ] || continue
    name=${1##*/}
    shift
    for candidate in "$out" "$bash" $deps; do
      [ -x "$candidate/bin/$name" ] || continue
      chmod u+w "$file"
      sed -i "1s|.*|#!$candidate/bin/$name${*:+ $*}|" "$file"
      break
    done
  done
}

# Headers, pkg-config and cmake files go to the output dev, which leads to the libraries and to the headers
# below it
split_headers() {
  mkdir -p "$dev/nix-support"
  for directory in include lib/pkgconfig share/pkgconfig lib/cmake; do
    [ -d "$out/$directory" ] || continue
    mkdir -p "$dev/${directory%/*}"
    move "$out/$directory" "$dev/$directory"
  done
  if [ -d "$dev/share/pkgconfig" ]; then move "$dev/share/pkgconfig" "$dev/lib/pkgconfig"; fi
  # Debian lets the compiler look into include/x86_64-linux-gnu by itself
  alias_of "$dev/include/$multiarch" "$dev/include" .
  for script in "$out"/bin/*-config; do
    [ -f "$script" ] && [ ! -L "$script" ] || continue
    mkdir -p "$dev/bin"
    sed -e "s|/usr/include|$dev/include|g" -e "s|/usr|$out|g" "$script" > "$dev/bin/${script##*/}"
    chmod 755 "$dev/bin/${script##*/}"
    rm "$script"
  done
  echo "$out $depsDev" > "$dev/nix-support/propagated-build-inputs"
}

relocate_pkgconfig() {
  for file in "$1"/lib/pkgconfig/*.pc; do
    [ -f "$file" ] && [ ! -L "$file" ] || continue
    sed -i -e "s|^includedir=.*/include|includedir=$1/include|" -e "s|/lib/$multiarch|/lib|g" \
      -e "s|\${prefix}/include|$1/include|g" -e "s|/usr/include|$1/include|g" -e "s|/usr|$out|g" "$file"
  done
}

# Debian's Python programs look for the certificates where Debian has them
relocate_certificates() {
  bundle=$(in_deps etc/ssl/certs/ca-bundle.crt) || return 0
  find "$out" -path '*/certifi/core.py' | while read -r file; do
    sed -i "s|/etc/ssl/certs/ca-certificates.crt|$bundle|g" "$file"
  done
}

unpack
flatten
if [ -n "${dev:-}" ]; then split_headers; fi
relink
relocate_pkgconfig "${dev:-$out}"
relocate_certificates
[ -z "$patchelf" ] || patch_elf
[ -z "$bash" ] || patch_scripts
[ -z "$fixup" ] || . "$fixup"
# an empty path is a path as well
mkdir -p "$out"
