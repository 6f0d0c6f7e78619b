erlang=$out/lib/erlang
for script in "$erlang"/bin/erl "$erlang"/bin/start "$erlang"/erts-*/bin/erl "$erlang"/erts-*/bin/start; do
  [ ! -f "$script" ] || sed -i "s|/usr/lib/erlang|$erlang|g" "$script"
done
