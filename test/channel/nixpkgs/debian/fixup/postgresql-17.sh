rm -rf "$out/bin"
mkdir -p "$out/bin"
ln -s "$out"/lib/postgresql/17/bin/* "$out/bin/"
