go=$(echo "$out"/lib/go-1.*)
mkdir -p "$out/bin"
ln -sf "$go/bin/go" "$go/bin/gofmt" "$out/bin/"
