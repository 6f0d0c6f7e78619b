# It installs wheels that Debian keeps in packages of their own
mkdir -p "$out/share/python-wheels"
for dependency in $deps; do
  [ -d "$dependency/share/python-wheels" ] || continue
  ln -sf "$dependency"/share/python-wheels/* "$out/share/python-wheels/"
done
grep -rl /usr/share/python-wheels "$out/lib" | while read -r file; do
  sed -i "s|/usr/share/python-wheels|$out/share/python-wheels|g" "$file"
done
