go=$(echo "$out"/lib/go-1.*)
mkdir -p "$out/bin"
# A run-time path breaks older builds of go: they are started through the loader instead, and told where
# they are
for name in go gofmt; do
  program=$go/bin/$name
  if "$patchelf/bin/patchelf" --print-interpreter "$program" > /dev/null 2>&1; then
    mv "$program" "$go/bin/.$name"
    cat > "$program" <<END
#!$bash/bin/bash
export GOROOT=\${GOROOT:-$go}
exec $glibc/lib/ld-linux-x86-64.so.2 --library-path $glibc/lib $go/bin/.$name "\$@"
END
    chmod 755 "$program"
  fi
  ln -sf "$program" "$out/bin/$name"
done
