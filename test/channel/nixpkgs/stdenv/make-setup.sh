# Writes $out/setup: what this stdenv is made of, then the scripts themselves.
mkdir "$out"
{
  echo "export SHELL=$shell CONFIG_SHELL=$shell"
  echo "initialPath=\"$initialPath\""
  echo "defaultNativeBuildInputs=\"$defaultNativeBuildInputs\""
  cat $parts
} > "$out/setup"
