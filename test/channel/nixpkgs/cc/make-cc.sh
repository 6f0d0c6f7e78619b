# The compiler's commands behind their wrapper.
# Env: out shell gcc major languages glibc headers libstdcxx bintools ccWrapper setupHook.
mkdir -p "$out/bin" "$out/nix-support"

# The linker scripts libc.so and libm.so name the libraries by their Debian paths
mkdir -p "$out/lib"
for file in "$headers"/lib/*; do
  name=${file##*/}
  case $name in
    x86_64-linux-gnu | pkgconfig) ;;
    libc.so | libm.so | libm.a)
      # the static parts are with the headers, the shared ones with the C library
      sed -e "s|/usr/lib/x86_64-linux-gnu/\([a-z0-9_.-]*\.a\)|$headers/lib/\1|g" \
        -e "s|/\(usr/\)\?lib/x86_64-linux-gnu/|$glibc/lib/|g" -e "s|/lib64/|$glibc/lib/|g" \
        "$file" > "$out/lib/$name"
      ;;
    *) ln -s "$file" "$out/lib/$name" ;;
  esac
done

# make_wrapper NAME PROGRAM
make_wrapper() {
  sed -e "s|@shell@|$shell|" -e "s|@program@|$gcc/bin/x86_64-linux-gnu-$2-$major|" -e "s|@out@|$out|g" \
    -e "s|@bintools@|$bintools|g" -e "s|@headers@|$headers|g" -e "s|@glibc@|$glibc|g" \
    -e "s|@libstdcxx@|$libstdcxx|g" -e "s|@beside@|${languages:+-no-canonical-prefixes}|" "$ccWrapper" > "$out/bin/$1"
  chmod +x "$out/bin/$1"
}
for language in $languages; do
  case $language in
    gfortran) make_wrapper gfortran gfortran ;;
    gnat)
      # these start gcc, and are known by the library beside them
      ln -s "$gcc/lib/gcc" "$out/lib/gcc"
      ln -s gcc "$out/bin/gcc-$major"
      for program in "$gcc"/bin/gnat*-"$major"; do
        name=${program##*/}
        name=${name%-"$major"}
        # as nixpkgs' wrappers say
        case $name in gnatlink) option=" --GCC=$out/bin/gcc" ;; *) option= ;; esac
        [ "$name" != gnatmake ] ||
          option=" --GCC=$out/bin/gcc --GNATBIND=$out/bin/gnatbind --GNATLINK=$out/bin/gnatlink"
        printf '#!%s\nexec %s%s "$@"\n' "$shell" "$program" "$option" > "$out/bin/$name"
        chmod +x "$out/bin/$name"
      done
      ;;
  esac
done
make_wrapper gcc gcc
make_wrapper g++ g++
make_wrapper cpp cpp
ln -s gcc "$out/bin/cc"
ln -s g++ "$out/bin/c++"
for tool in gcc-ar gcc-nm gcc-ranlib gcov; do
  program=$gcc/bin/x86_64-linux-gnu-$tool-$major
  [ ! -e "$program" ] || ln -s "$program" "$out/bin/$tool"
done

sed -e "s|@out@|$out|g" "$setupHook" > "$out/nix-support/setup-hook"
echo "$bintools" > "$out/nix-support/propagated-native-build-inputs"
echo "-dynamic-linker=$glibc/lib/ld-linux-x86-64.so.2" > "$out/nix-support/dynamic-linker"
