# compile.sh SOURCE WORK: compiles a native module of Node.js and one of Python in a copy of the folder SOURCE,
# and shows that both run.
# Must do the same in nix develop, after `. activate`, and in a sandboxed build. POSIX sh.
set -eu
# node-gyp's Python would cache what it compiles in the store, which root may write to.
export PYTHONDONTWRITEBYTECODE=1
source=$1
work=$2
mkdir -p "$work"
cp -R "$source/addon" "$source/extension" "$work/"
chmod -R u+w "$work"
export HOME="$work"

fail() {
  cat build.log
  exit 1
}

(
  cd "$work/addon"
  npm run --silent build > build.log 2>&1 || fail
  npm run --silent test
)
(
  cd "$work/extension"
  python3 -m pip install --no-index --no-build-isolation --target "$work/modules" . > build.log 2>&1 || fail
  PYTHONPATH="$work/modules" python3 -c 'import extension; print(extension.openssl_version())'
)
printf '%s|%s\n' "$GREETING" "$HOOKED"
