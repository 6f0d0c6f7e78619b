library=$out/lib/guile/3.0
rm -f "$out/bin/guile-3.0"
ln -s "$library/bin/guile" "$out/bin/guile"
wrap guile "GUILE_SYSTEM_PATH=$out/share/guile/3.0" "GUILE_SYSTEM_COMPILED_PATH=$library/ccache" \
  "GUILE_SYSTEM_EXTENSIONS_PATH=$library/extensions"
