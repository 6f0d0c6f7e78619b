# Debian lets one of several be chosen
ln -s lapack/liblapack.so.3 "$out/lib/liblapack.so.3"
