wrap cobc "COB_CONFIG_DIR=\${COB_CONFIG_DIR-$out/share/gnucobol/config}" \
  "COB_COPY_DIR=\${COB_COPY_DIR-$out/share/gnucobol/copy}" \
  "COB_LIBS=\"\${COB_LIBS--L$out/lib -lcob}\"" "CPATH=\$CPATH\${CPATH:+:}$out/include"
wrap cobcrun "COB_CONFIG_DIR=\${COB_CONFIG_DIR-$out/share/gnucobol/config}"
