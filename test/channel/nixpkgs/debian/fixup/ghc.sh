ghc=$out/lib/ghc
# GHC as a library is a third of it all
rm -rf "$ghc"/lib/x86_64-linux-ghc-*/ghc-9.* "$ghc/lib/package.conf.d"
cp -R "$root/var/lib/ghc/package.conf.d" "$ghc/lib/"
rm -f "$ghc"/lib/package.conf.d/ghc-9.*.conf "$ghc/lib/package.conf.d/package.cache"
chmod -R u+w "$ghc/lib/package.conf.d"
for file in "$out"/bin/* "$ghc"/lib/package.conf.d/*.conf; do
  [ -f "$file" ] && [ ! -L "$file" ] || continue
  sed -i -e "s|/usr/lib/ghc|$ghc|g" -e "s|/usr/bin|$out/bin|g" -e "s|/usr/include|$out/include|g" "$file"
done
# as in nixpkgs, the run-time system knows where its libraries are
for dependency in $deps; do
  case $dependency in
    *-libffi-dev-* | *-libnuma*) sed -i "s|^library-dirs:.*|& $dependency/lib|" "$ghc"/lib/package.conf.d/rts*.conf ;;
  esac
done
# the compilers of the environment
sed -i 's|x86_64-linux-gnu-||' "$ghc/lib/settings"
"$out/bin/ghc-pkg" recache
