# Links to the libraries that come with the compiler. Env: out units.
mkdir -p "$out/lib"
for unit in $units; do
  for file in "$unit"/lib/lib{stdc++,gcc_s,gomp,atomic}.so.*; do
    [ ! -e "$file" ] || ln -sf "$file" "$out/lib/"
  done
done
