extensions=$(echo "$out"/lib/php/20*)
mkdir -p "$out/etc/channel"
{
  echo "extension_dir=$extensions"
  for module in "$extensions"/*.so; do
    name=$(basename "$module" .so)
    if [ "$name" = opcache ]; then echo "zend_extension=$module"; else echo "extension=$name"; fi
  done
} > "$out/etc/channel/php.ini"
wrap php8.4 "PHPRC=$out/etc/channel"
ln -sf php8.4 "$out/bin/php"
