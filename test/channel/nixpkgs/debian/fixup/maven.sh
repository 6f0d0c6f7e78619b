# The scripts name what is beside them, and what is put into the jars' places
sed -i "s|/usr/share/java|$out/share/java|" "$out/bin/lein"
