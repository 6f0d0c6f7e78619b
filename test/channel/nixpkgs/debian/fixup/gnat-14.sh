# Programs are linked with the shared run-time library under the name that it has as a library of the system
adalib=$(echo "$out"/lib/gcc/*/*/adalib)
for name in gnat gnarl; do ln -s "lib$name.so" "$adalib/lib$name-14.so"; done
