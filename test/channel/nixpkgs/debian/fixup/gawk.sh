ln -sf gawk "$out/bin/awk"
