# Its classes are named by the places that they have in Debian
grep -rl /usr/share/php "$out/share/php" "$out/bin" | while read -r file; do
  sed -i "s|/usr/share/php|$out/share/php|g" "$file"
done
