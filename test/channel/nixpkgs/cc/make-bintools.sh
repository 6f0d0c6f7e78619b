# Links to binutils, with ld behind its wrapper. Env: out shell binutils glibc ldWrapper setupHook.
mkdir -p "$out/bin" "$out/nix-support"
for tool in "$binutils"/bin/x86_64-linux-gnu-*; do
  ln -s "$tool" "$out/bin/${tool##*/x86_64-linux-gnu-}"
done
rm -f "$out"/bin/ld*
for linker in ld ld.bfd; do
  sed -e "s|@shell@|$shell|" -e "s|@ld@|$binutils/bin/x86_64-linux-gnu-$linker|" \
    -e "s|@glibc@|$glibc|g" "$ldWrapper" > "$out/bin/$linker"
  chmod +x "$out/bin/$linker"
done
gold=$binutils/bin/x86_64-linux-gnu-ld.gold
[ ! -e "$gold" ] || ln -s "$gold" "$out/bin/ld.gold"
sed -e "s|@out@|$out|g" "$setupHook" > "$out/nix-support/setup-hook"
