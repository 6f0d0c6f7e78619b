# Node.js's own build from npm's registry, with the npm that belongs to it. Busybox ash.
# env: builder out source npm patchelf glibc libstdcxx bash coreutils setupHook
"$builder" mkdir -p "$TMPDIR/busybox"
"$builder" --install -s "$TMPDIR/busybox"
export PATH="$TMPDIR/busybox"

mkdir -p "$TMPDIR/node" "$TMPDIR/npm" "$out/bin" "$out/lib/node_modules" "$out/nix-support"
tar -xz -C "$TMPDIR/node" -f "$source"
cp "$TMPDIR/node/package/bin/node" "$out/bin/node"
# what node-gyp compiles against: npm_config_nodedir=$out
cp -a "$TMPDIR/node/package/include" "$out/"
chmod 755 "$out/bin/node"
"$patchelf/bin/patchelf" --set-interpreter "$glibc/lib/ld-linux-x86-64.so.2" \
  --set-rpath "$libstdcxx/lib:$glibc/lib" "$out/bin/node"

tar -xz -C "$TMPDIR/npm" -f "$npm"
mv "$TMPDIR/npm/package" "$out/lib/node_modules/npm"
for command in npm npx; do
  script=$out/lib/node_modules/npm/bin/$command-cli.js
  sed -i "1s|.*|#!$out/bin/node|" "$script"
  chmod +x "$script"
  ln -s "../lib/node_modules/npm/bin/$command-cli.js" "$out/bin/$command"
done
modules=$out/lib/node_modules/npm/node_modules
scripts=$out/lib/node_modules/npm/bin
grep -rlE '^#!(/usr/bin/env (ba)?sh|/bin/(ba)?sh)' "$scripts" "$modules" | while read -r script; do
  sed -i "1s|.*|#!$bash/bin/bash|" "$script"
done
chmod -R +x "$modules/node-gyp/bin" "$scripts/node-gyp-bin"
grep -rl '^#!/usr/bin/env node' "$modules/node-gyp" | while read -r script; do
  sed -i "1s|.*|#!$out/bin/node|" "$script"
done
cp "$setupHook" "$out/nix-support/setup-hook"

"$out/bin/node" --version
HOME=$TMPDIR "$out/bin/npm" --version
