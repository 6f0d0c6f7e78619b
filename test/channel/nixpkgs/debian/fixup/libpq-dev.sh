# Debian's script is for Debian's folders: top-level/libraries.nix makes another
rm -f "$out/bin/pg_config"
