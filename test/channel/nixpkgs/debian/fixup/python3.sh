library=$(echo "$out"/lib/python3.*)
[ -e "$out/bin/python" ] || ln -s python3 "$out/bin/python"
# a store path is nobody's system: pip may say so itself
rm -f "$library/EXTERNALLY-MANAGED"
sed -i "s|/usr/share/python-wheels|$out/share/python-wheels|" "$library/ensurepip/__init__.py"
# what a C extension is built with: the compiler of the environment, the headers beside the interpreter
for file in "$library"/_sysconfigdata*.py "$library"/config-*/Makefile "$out/bin"/python3*-config; do
  [ -f "$file" ] || continue
  sed -i -e 's|x86_64-linux-gnu-g++|g++|g' -e 's|x86_64-linux-gnu-gcc-ar|ar|g' \
    -e 's|x86_64-linux-gnu-gcc|gcc|g' -e "s|/usr/include|$out/include|g" \
    -e "s|/usr/lib/x86_64-linux-gnu|$out/lib|g" -e "s|/usr|$out|g" "$file"
done
# The script of python3.withPackages hands its modules over in these variables, which are not for the
# programs that Python starts: those start Python by sys.executable, that is, by the same script
rm -f "$library/sitecustomize.py"
cat > "$library/sitecustomize.py" <<'END'
import os
import site
import sys

for directory in os.environ.pop("NIX_PYTHONPATH", "").split(os.pathsep):
    if directory:
        site.addsitedir(directory)
executable = os.environ.pop("NIX_PYTHONEXECUTABLE", None)
prefix = os.environ.pop("NIX_PYTHONPREFIX", None)
if executable and "PYTHONEXECUTABLE" not in os.environ:
    sys.executable = executable
if prefix and sys.prefix == sys.base_prefix:
    sys.prefix = sys.exec_prefix = prefix
    site.PREFIXES.insert(0, prefix)
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

# The wheel of pip that venv installs looks for the certificates where Debian has them, too
certificates=$(in_deps etc/ssl/certs/ca-bundle.crt) || certificates=
# Nix sees no path in a compressed file, and would leave the certificates out of closures
echo "$certificates" > "$out/nix-support/certificates"
for wheel in "$out"/share/python-wheels/pip-*.whl; do
  [ -n "$certificates" ] && [ -e "$wheel" ] || continue
  "$out/bin/python3" -B - "$wheel" "$certificates" <<'END'
import os
import sys
import zipfile

wheel, certificates = sys.argv[1:]
with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(wheel + ".new", "w", zipfile.ZIP_DEFLATED) as new:
    for item in old.infolist():
        content = old.read(item)
        if item.filename.endswith("certifi/core.py"):
            content = content.replace(b"/etc/ssl/certs/ca-certificates.crt", certificates.encode())
        new.writestr(zipfile.ZipInfo(item.filename, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
os.replace(wheel + ".new", wheel)
END
done

# The C library looks for it in Debian's places when a thread is ended
"$patchelf/bin/patchelf" --add-needed libgcc_s.so.1 "$out/bin/${library##*/}"

# Debian does this when it installs the package, and without it every start compiles all that is imported
"$out/bin/python3" -m compileall -q -x '/(test|idlelib|lib2to3)/' --invalidation-mode unchecked-hash "$library" > /dev/null || true
