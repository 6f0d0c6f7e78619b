# what Debian's update-ca-certificates would make, at the place where nixpkgs has it
mkdir -p "$out/etc/ssl/certs"
find "$out/share/ca-certificates" -name '*.crt' | sort | while read -r certificate; do
  cat "$certificate"
  echo
done > "$out/etc/ssl/certs/ca-bundle.crt"
