# It knows GNAT by the folder of its library in Debian
sed -i 's|\^   /usr/lib/gcc|^   .*/lib/gcc|' "$out/share/gprconfig/compilers.xml"
