# Unpacks patchelf and the C library that it was built for, and shows that it runs.
# Busybox ash; env: builder debs out.
"$builder" mkdir -p "$TMPDIR/busybox"
"$builder" --install -s "$TMPDIR/busybox"
export PATH="$TMPDIR/busybox"

root=$TMPDIR/root
mkdir -p "$root" "$out/lib" "$out/bin"
for deb in $debs; do
  ar p "$deb" data.tar.xz | xz -dc | tar -x -C "$root" -f -
done

for library in libc.so.6 libm.so.6 libgcc_s.so.1 libstdc++.so.6; do
  cp -L "$(find "$root" -name "$library" -not -path '*/gconv/*' | head -n 1)" "$out/lib/$library"
done
cp -L "$(find "$root" -name 'ld-linux-x86-64.so.2' -type f | head -n 1)" "$out/lib/ld-linux-x86-64.so.2"
chmod +x "$out/lib/ld-linux-x86-64.so.2"
cp "$root/usr/bin/patchelf" "$out/bin/.patchelf"

# patchelf cannot be patched by patchelf while it runs: call it through its loader
cat > "$out/bin/patchelf" <<END
#!$builder sh
exec $out/lib/ld-linux-x86-64.so.2 --library-path $out/lib $out/bin/.patchelf "\$@"
END
chmod +x "$out/bin/patchelf"
"$out/bin/patchelf" --version
