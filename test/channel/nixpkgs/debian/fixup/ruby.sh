program=$(basename "$(ls -d "$out"/bin/ruby3.*)")
versioned=$(basename "$(ls -d "$out"/lib/ruby/3.*)")
config=$(dirname "$(find "$out/lib" -maxdepth 3 -name rbconfig.rb | head -n 1)")
sed -i -e "s|/usr/include/x86_64-linux-gnu|$out/include|g" \
  -e "s|x86_64-linux-gnu-\(g[c+]\)|\1|g" "$config/rbconfig.rb"
gems=$out/share/rubygems-integration/all:$out/lib/ruby/gems/$versioned
wrap "$program" "GEM_PATH=\${GEM_PATH:-\${GEM_HOME:+\$GEM_HOME:}$gems}" \
  "RUBYLIB=$out/lib/ruby/vendor_ruby:$out/lib/ruby/$versioned:$config\${RUBYLIB:+:\$RUBYLIB}"
ln -sf "$program" "$out/bin/ruby"
for script in gem bundle bundler irb erb rake rdoc; do
  [ -e "$out/bin/$script" ] || ln -s "$script${program#ruby}" "$out/bin/$script"
done
find "$out/bin" -type f | while read -r file; do
  if head -n 1 "$file" | grep -q '^#!.*ruby'; then sed -i "1s|.*|#!$out/bin/ruby|" "$file"; fi
done
