cp "$out/lib/R/etc/Renviron.ucf" "$out/etc/R/Renviron"
for file in "$out/bin/R" "$out"/lib/R/bin/* "$out"/etc/R/*; do
  [ -f "$file" ] && [ ! -L "$file" ] && ! is_elf "$file" || continue
  sed -i -e "s|/usr/lib/R|$out/lib/R|g" -e "s|/usr/share/R|$out/share/R|g" -e "s|\([^a-z]\)/etc/R|\1$out/etc/R|g" "$file"
done
for file in "$out"/etc/R/*; do ln -sf "$file" "$out/lib/R/etc/"; done
# the front end starts R where Debian has it
wrap Rscript "RHOME=\${RHOME-$out/lib/R}"
# the libraries of this machine are for others
sed -i -e "s|:/usr/lib[^}:]*||g" -e "s|/usr/lib/jvm[^}:]*||g" "$out/etc/R/ldpaths"
# packages are compiled by the environment's compilers
sed -i -e "s|x86_64-linux-gnu-||g" -e "s|-ffile-prefix-map=[^ ]*||g" "$out/etc/R/Makeconf"
