
# --- phases --------------------------------------------------------------------------------------

set +u

substituteInPlace() {
  local file=$1 content name
  shift
  # the x keeps the line feeds at the end
  content=$(cat "$file" && echo x)
  while [ $# -gt 0 ]; do
    case $1 in
      --replace | --replace-fail | --replace-warn | --replace-quiet)
        content=${content//"$2"/"$3"}
        shift 3
        ;;
      --subst-var)
        name=$2
        content=${content//"@$name@"/"${!name}"}
        shift 2
        ;;
      --subst-var-by)
        content=${content//"@$2@"/"$3"}
        shift 3
        ;;
      *)
        echo "substituteInPlace: unknown option $1" >&2
        return 1
        ;;
    esac
  done
  printf %s "${content%x}" > "$file"
}

# patchShebangs PATH ...: lets scripts start the interpreters that are in PATH now
patchShebangs() {
  local file first interpreter
  while [[ ${1:-} == --* ]]; do shift; done
  while IFS= read -r -d '' file; do
    IFS= read -r first < "$file" || continue
    [[ $first == '#!'* && $first != '#!/nix/'* ]] || continue
    # shellcheck disable=SC2086 # the line is split into interpreter and arguments on purpose
    set -- ${first#'#!'}
    [ "${1##*/}" != env ] || shift
    interpreter=$(type -P "${1##*/}") || continue
    shift
    sed -i "1s|.*|#!$interpreter${*:+ $*}|" "$file"
  done < <(find "$@" -type f -perm -0100 -print0)
}

installBin() {
  mkdir -p "$out/bin"
  cp "$@" "$out/bin"
}

unpackPhase() {
  runHook preUnpack
  local source directory
  for source in ${srcs:-${src:?variable \$src or \$srcs should point to the source}}; do
    if [ -d "$source" ]; then
      directory=$(stripHash "$source")
      cp -r --no-preserve=mode,ownership "$source" "$directory"
    else
      case $source in
        *.tar | *.tar.* | *.tgz) tar xf "$source" ;;
        *.zip) unzip -qq "$source" ;;
        *)
          echo "do not know how to unpack source archive $source" >&2
          return 1
          ;;
      esac
      directory=$(find . -mindepth 1 -maxdepth 1 -type d | head -n 1)
    fi
    sourceRoot=${sourceRoot:-$directory}
  done
  cd "$sourceRoot"
  chmod -R u+w .
  runHook postUnpack
}

stripHash() {
  local name=${1##*/}
  if [[ $name =~ ^[a-z0-9]{32}- ]]; then name=${name:33}; fi
  echo "$name"
}

patchPhase() {
  runHook prePatch
  local file
  for file in ${patches:-}; do patch -p1 < "$file"; done
  runHook postPatch
}

configurePhase() {
  runHook preConfigure
  if [ -x ./configure ]; then ./configure "--prefix=$out" ${configureFlags:-}; fi
  runHook postConfigure
}

_hasMakefile() {
  [ -e Makefile ] || [ -e makefile ] || [ -e GNUmakefile ]
}

buildPhase() {
  runHook preBuild
  if _hasMakefile; then make SHELL="$SHELL" ${makeFlags:-} ${buildFlags:-}; fi
  runHook postBuild
}

checkPhase() {
  runHook preCheck
  if make -n ${checkTarget:-check} > /dev/null 2>&1; then
    make SHELL="$SHELL" ${makeFlags:-} ${checkTarget:-check}
  fi
  runHook postCheck
}

installPhase() {
  runHook preInstall
  mkdir -p "$out"
  if _hasMakefile; then make SHELL="$SHELL" install "prefix=$out" ${installFlags:-}; fi
  runHook postInstall
}

fixupPhase() {
  runHook preFixup
  local output name file
  for output in $outputs; do
    [ ! -d "${!output}/bin" ] || patchShebangs "${!output}/bin"
  done
  for name in propagatedBuildInputs propagatedNativeBuildInputs; do
    [ -n "${!name:-}" ] || continue
    file=$(sed 's/[A-Z]/-\L&/g' <<< "$name")
    mkdir -p "$out/nix-support"
    echo "${!name}" > "$out/nix-support/$file"
  done
  if [ -n "${setupHook:-}" ]; then
    mkdir -p "$out/nix-support"
    cp "$setupHook" "$out/nix-support/setup-hook"
  fi
  runHook postFixup
}

installCheckPhase() {
  runHook preInstallCheck
  runHook postInstallCheck
}

genericBuild() {
  if [ -f "${buildCommandPath:-}" ]; then
    source "$buildCommandPath"
    return
  fi
  if [ -n "${buildCommand:-}" ]; then
    eval "$buildCommand"
    return
  fi
  : "${phases:=${prePhases:-} unpackPhase patchPhase ${preConfigurePhases:-} configurePhase
    ${preBuildPhases:-} buildPhase checkPhase ${preInstallPhases:-} installPhase
    ${preFixupPhases:-} fixupPhase installCheckPhase ${postPhases:-}}"
  local phase skip
  for phase in $phases; do
    skip=dont${phase^}
    skip=${skip%Phase}
    [ -z "${!skip:-}" ] || continue
    case $phase in
      checkPhase) [ -n "${doCheck:-}" ] || continue ;;
      installCheckPhase) [ -n "${doInstallCheck:-}" ] || continue ;;
    esac
    echo "Running phase: $phase"
    if [ -n "${!phase:-}" ]; then eval "${!phase}"; else "$phase"; fi
  done
}
