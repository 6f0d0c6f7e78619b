# The compilers know their library, and the C compiler, under Debian's names
mkdir -p "$out/libexec/cc"
for tool in gcc as ar ld ranlib; do
  printf '#!%s/bin/bash\nexec %s "$@"\n' "$bash" "$tool" > "$out/libexec/cc/x86_64-linux-gnu-$tool"
  chmod 755 "$out/libexec/cc/x86_64-linux-gnu-$tool"
done
library=$(echo "$out"/lib/ocaml/5.*)
for program in "$out"/bin/*; do
  [ -f "$program" ] && [ ! -L "$program" ] || continue
  wrap "${program##*/}" "OCAMLLIB=\${OCAMLLIB-$library}" "PATH=$out/libexec/cc:\$PATH"
done
