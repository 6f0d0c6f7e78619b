# Compiles a native module of Node.js and one of Python in a copy of this folder, and shows that both run: compile.sh SOURCE WORK.
# Must do the same in nix develop, after `. activate`, and in a sandboxed build. POSIX sh.
set -eu
source=$1
work=$2
mkdir -p "$work"
cp -R "$source/addon" "$source/extension" "$work/"
chmod -R u+w "$work"
export HOME="$work"

(
  cd "$work/addon"
  npm run --silent build > build.log 2>&1 || { cat build.log; exit 1; }
  npm run --silent test
)
(
  cd "$work/extension"
  python3 -m pip install --quiet --no-index --no-build-isolation --target "$work/modules" . > build.log 2>&1 || { cat build.log; exit 1; }
  PYTHONPATH="$work/modules" python3 -c 'import extension; print(extension.openssl_version())'
)
printf '%s|%s\n' "$GREETING" "$HOOKED"
