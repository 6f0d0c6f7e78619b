# Sets the environment of a build or of a shell up: PATH, the set-up hooks of all inputs, and the variables
# that nixpkgs' stdenv sets.
# Sourced by builders (stdenv/builder.sh), by nix-shell and by nix develop.
set -eu
set -o pipefail
: "${outputs:=out}" "${NIX_BUILD_TOP:=$PWD}"

# --- hooks ---------------------------------------------------------------------------------------

# runHook NAME: the function or variable NAME, then everything in the array NAMEHooks
runHook() {
  local name=$1 hook
  shift
  local -n registered="${name%Hook}Hooks"
  for hook in "_implicitHook $name" "${registered[@]}"; do _evalHook "$hook" "$@"; done
}

_implicitHook() {
  if declare -F "$1" > /dev/null; then
    "$1"
  elif [ -n "${!1:-}" ]; then
    eval "${!1}"
  fi
}

_evalHook() {
  local code=$1
  shift
  if declare -F "$code" > /dev/null; then "$code" "$@"; else eval "$code"; fi
}

# addEnvHooks OFFSET HOOK: HOOK is called with each input's path. Offsets matter for cross compilation only,
# which is not done here.
declare -a envHooks=()
addEnvHooks() {
  shift
  envHooks+=("$@")
}

addToSearchPathWithCustomDelimiter() {
  local delimiter=$1 variable=$2 directory=$3
  [ ! -d "$directory" ] || export "$variable=${!variable:+${!variable}$delimiter}$directory"
}

addToSearchPath() {
  addToSearchPathWithCustomDelimiter : "$@"
}

# --- the basic tools -----------------------------------------------------------------------------

PATH=
for package in $initialPath; do addToSearchPath PATH "$package/bin"; done
HOST_PATH=$PATH

# --- the inputs ----------------------------------------------------------------------------------

# Inputs in the order in which they count, each with what it propagates behind it;
# offset -1 runs at build time, 0 in the result
declare -a inputs=()
declare -A inputOffset=()
_findInputs() {
  local package=$1 offset=$2 propagated
  [ -z "${inputOffset[$package]:-}" ] || return 0
  if [ ! -e "$package" ]; then
    echo "build input $package does not exist" >&2
    exit 1
  fi
  inputs+=("$package")
  inputOffset[$package]=$offset
  for propagated in $(_propagated "$package" propagated-native-build-inputs); do
    _findInputs "$propagated" -1
  done
  for propagated in $(_propagated "$package" propagated-build-inputs); do
    _findInputs "$propagated" "$offset"
  done
}

_propagated() {
  if [ -f "$1/nix-support/$2" ]; then cat "$1/nix-support/$2"; fi
}

for list in depsBuildBuild nativeBuildInputs defaultNativeBuildInputs propagatedNativeBuildInputs; do
  for package in ${!list:-}; do _findInputs "$package" -1; done
done
for package in ${buildInputs:-} ${propagatedBuildInputs:-}; do _findInputs "$package" 0; done

for package in "${inputs[@]}"; do
  hostOffset=${inputOffset[$package]}
  targetOffset=$((hostOffset + 1))
  if [ -f "$package" ]; then
    source "$package"
    continue
  fi
  addToSearchPath _PATH "$package/bin"
  [ "$hostOffset" -lt 0 ] || addToSearchPath _HOST_PATH "$package/bin"
  addToSearchPath _XDG_DATA_DIRS "$package/share"
  [ ! -f "$package/nix-support/setup-hook" ] || source "$package/nix-support/setup-hook"
done

for package in "${inputs[@]}"; do
  for hook in "${envHooks[@]}"; do "$hook" "$package"; done
done

# --- the variables -------------------------------------------------------------------------------

export PATH="${_PATH:-}${_PATH:+:}$PATH"
export HOST_PATH="${_HOST_PATH:-}${_HOST_PATH:+:}$HOST_PATH"
export XDG_DATA_DIRS="${_XDG_DATA_DIRS:-}"
export NIX_STORE=${NIX_STORE:-/nix/store}
export NIX_ENFORCE_NO_NATIVE=${NIX_ENFORCE_NO_NATIVE:-1}
export NIX_BUILD_CORES=${NIX_BUILD_CORES:-1}
export GZIP_NO_TIMESTAMPS=1
export TZ=UTC
# zip archives cannot tell of a time before 1980
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-315532800}
# a build must not depend on the machine's certificates; a shell may
if [ -z "${IN_NIX_SHELL:-}" ]; then
  export SSL_CERT_FILE=${SSL_CERT_FILE:-/no-cert-file.crt}
  export NIX_SSL_CERT_FILE=${NIX_SSL_CERT_FILE:-/no-cert-file.crt}
fi

if [ -n "${out:-}" ]; then
  # object files are the same for the same derivation; programs find the libraries beside them
  seed=${out#"$NIX_STORE"/}
  export NIX_CFLAGS_COMPILE="${NIX_CFLAGS_COMPILE:-} -frandom-seed=${seed:0:10}"
  export NIX_LDFLAGS="-rpath $out/lib ${NIX_LDFLAGS:-}"
fi

unset package list hook seed hostOffset targetOffset _PATH _HOST_PATH _XDG_DATA_DIRS
