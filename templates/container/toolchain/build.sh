#!/bin/sh
# build.sh ATTRIBUTE: puts the environment's store paths into /out, for the Dockerfile.
# shellcheck disable=SC2016 # the inner shell expands what is quoted
set -eu
attribute=$1
mkdir -p /out/opt /out/etc/profile.d

if [ -e toolchain.tar ]; then
  tar -C /out -xf toolchain.tar
else
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ca-certificates nix-bin
  export NIX_CONFIG="build-users-group =
sandbox = false
${NIX_CONFIG:-}"
  derivation=$(nix-instantiate default.nix --argstr mirror "${NIDIFY_TARBALL_URL:-}" -A "$attribute")
  # Made here: scripts and links of the environment itself, which no cache can have.
  if nix-store --realise --dry-run "$derivation" 2>&1 | sed -n '/will be built/,/will be fetched/p' |
    grep '\.drv$' | grep -vE -- '-(environment|venv-programs?|npm|npx|pnpm|pnpx|yarn|corepack)\.drv$' >missing; then
    echo 'These are in no binary cache, and are not compiled here:' >&2
    cat missing >&2
    echo 'Build the image with: nidify build --target container, which compiles them in the sandbox of Nix.' >&2
    exit 1
  fi
  environment=$(nix-store --realise "$derivation")
  nix-store --query --requisites "$environment" | tar -cf - -T - | tar -C /out -xf -
  ln -s "$environment" /out/opt/environment
fi

# Programs for whoever runs one without entering the environment; the first on PATH wins, as there.
mkdir -p /out/opt/environment-programs
ln -s /out/nix /nix 2>/dev/null || true
environment=$(readlink /out/opt/environment)
"$environment/bin/enter" sh -c 'printf "%s\n" "$PATH"' | tr ':' '\n' | grep '^/nix/store/' |
  while IFS= read -r folder; do
    for program in "$folder"/*; do
      link=/out/opt/environment-programs/${program##*/}
      [ -e "$link" ] || [ -L "$link" ] || ln -s "$program" "$link"
    done
  done
ln -s "$environment/bin/enter" /out/opt/environment-programs/enter 2>/dev/null || true

# Shells that people open, and editors, which ask a login shell for its environment.
cat >/out/etc/profile.d/environment.sh <<'END'
. /opt/environment/activate
END
