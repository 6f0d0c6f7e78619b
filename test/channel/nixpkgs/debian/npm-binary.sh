# A program in machine code from npm's registry.
# Busybox ash; env: builder out source file command patchelf glibc libstdcxx.
"$builder" mkdir -p "$TMPDIR/busybox"
"$builder" --install -s "$TMPDIR/busybox"
export PATH="$TMPDIR/busybox"

mkdir -p "$TMPDIR/unpacked" "$out/bin"
tar -xz -C "$TMPDIR/unpacked" -f "$source"
cp "$TMPDIR"/unpacked/*/"$file" "$out/bin/$command"
chmod 755 "$out/bin/$command"
"$patchelf/bin/patchelf" --set-interpreter "$glibc/lib/ld-linux-x86-64.so.2" \
  --set-rpath "$libstdcxx/lib:$glibc/lib" "$out/bin/$command"
HOME=$TMPDIR "$out/bin/$command" --version
