# Links the trees $paths into $out, folder by folder. Env: out paths pathsToLink collisions.

# link_tree SOURCE TARGET
link_tree() {
  local entry target other
  for entry in "$1"/* "$1"/.[!.]*; do
    [ -e "$entry" ] || [ -L "$entry" ] || continue
    target=$2/${entry##*/}
    [ "${entry#"$path"}" != /nix-support ] || continue
    if [ -d "$entry" ] && [ ! -e "$target" ] && [ -L "$entry" ]; then
      ln -s "$entry" "$target"
    elif [ -d "$entry" ]; then
      open_directory "$target"
      link_tree "$entry" "$target"
    elif [ -e "$target" ] || [ -L "$target" ]; then
      other=$(readlink -f "$target")
      if [ -z "$collisions" ] && ! cmp -s "$entry" "$target"; then
        echo "error: collision between \`$entry' and \`$other'" >&2
        exit 1
      fi
    else
      ln -s "$entry" "$target"
    fi
  done
}

# A link to a folder becomes a folder of links, so that more can be put into it
open_directory() {
  local original
  if [ -L "$1" ]; then
    original=$(readlink -f "$1")
    rm "$1"
    mkdir "$1"
    link_tree "$original" "$1"
  else
    mkdir -p "$1"
  fi
}

mkdir -p "$out"
for path in $paths; do
  for part in $pathsToLink; do
    part=${part%/}
    [ -d "$path$part" ] || continue
    mkdir -p "$out$part"
    link_tree "$path$part" "$out$part"
  done
done
