# A program in JavaScript from npm's registry. Busybox ash; env: builder out source nodejs pname commands.
"$builder" mkdir -p "$TMPDIR/busybox"
"$builder" --install -s "$TMPDIR/busybox"
export PATH="$TMPDIR/busybox"

mkdir -p "$TMPDIR/unpacked" "$out/bin" "$out/lib/node_modules"
tar -xz -C "$TMPDIR/unpacked" -f "$source"
mv "$TMPDIR"/unpacked/* "$out/lib/node_modules/$pname"
for command in $commands; do
  script=$out/lib/node_modules/$pname/${command#*=}
  [ -f "$script" ] || continue
  sed -i "1s|^#!.*|#!$nodejs/bin/node|" "$script"
  chmod +x "$script"
  ln -s "$script" "$out/bin/${command%%=*}"
done
HOME=$TMPDIR "$out/bin/${pname%-berry}" --version
