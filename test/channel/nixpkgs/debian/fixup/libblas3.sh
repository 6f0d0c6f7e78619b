# Debian lets one of several be chosen
ln -s blas/libblas.so.3 "$out/lib/libblas.so.3"
