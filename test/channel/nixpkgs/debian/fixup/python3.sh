library=$(echo "$out"/lib/python3.*)
[ -e "$out/bin/python" ] || ln -s python3 "$out/bin/python"
# a store path is nobody's system: pip may say so itself
rm -f "$library/EXTERNALLY-MANAGED"
sed -i "s|/usr/share/python-wheels|$out/share/python-wheels|" "$library/ensurepip/__init__.py"
# what a C extension is built with: the compiler of the environment, the headers beside the interpreter
for file in "$library"/_sysconfigdata*.py "$library"/config-*/Makefile "$out/bin"/python3*-config; do
  [ -f "$file" ] || continue
  sed -i -e 's|x86_64-linux-gnu-g++|g++|g' -e 's|x86_64-linux-gnu-gcc-ar|ar|g' -e 's|x86_64-linux-gnu-gcc|gcc|g' \
    -e "s|/usr/include|$out/include|g" -e "s|/usr/lib/x86_64-linux-gnu|$out/lib|g" -e "s|/usr|$out|g" "$file"
done
# nixpkgs' wrapper scripts hand their modules over in NIX_PYTHONPATH, which is not for programs that Python starts
rm -f "$library/sitecustomize.py"
cat > "$library/sitecustomize.py" <<'END'
import os
import site

for directory in os.environ.pop("NIX_PYTHONPATH", "").split(os.pathsep):
    if directory:
        site.addsitedir(directory)
END

mkdir -p "$out/nix-support"
cat > "$out/nix-support/setup-hook" <<END
_pythonAddModules() {
  addToSearchPath PYTHONPATH "\$1/lib/${library##*/}/site-packages"
}
addEnvHooks "\$hostOffset" _pythonAddModules
# what nixpkgs' interpreter sets for builds that give the same bytes each time
export DETERMINISTIC_BUILD=1 PYTHONHASHSEED=0 PYTHONNOUSERSITE=1
END
