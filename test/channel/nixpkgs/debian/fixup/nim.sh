# Outside of /usr it looks for both beside itself
ln -s etc/nim "$out/config"
for part in "$out"/lib/nim/lib/*; do ln -s "nim/lib/${part##*/}" "$out/lib/"; done
