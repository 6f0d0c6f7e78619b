# Functions for unit.sh and for the fixups of single programs. Busybox ash.

# wrap PROGRAM NAME=VALUE ...: replaces bin/PROGRAM by a script that exports the variables and runs it;
# values may use the shell
wrap() {
  program=$out/bin/$1
  shift
  [ -e "$program" ] || return 0
  hidden=$out/bin/.${program##*/}-wrapped
  mv "$program" "$hidden"
  {
    echo "#!$bash/bin/bash"
    for assignment in "$@"; do echo "export $assignment"; done
    echo "exec -a \"\$0\" $hidden \"\$@\""
  } > "$program"
  chmod 755 "$program"
}

# in_deps PATH: the first dependency that has it, with the path appended
in_deps() {
  for dependency in $deps; do
    [ -e "$dependency/$1" ] || continue
    echo "$dependency/$1"
    return 0
  done
  return 1
}

is_elf() {
  [ "$(head -c 4 "$1" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]
}
