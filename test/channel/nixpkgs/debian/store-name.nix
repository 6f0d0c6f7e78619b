# Debian's and npm's names have characters that the name of a store path must not have.
builtins.replaceStrings
  [
    "~"
    "%3a"
    ":"
    "@"
  ]
  [
    "-"
    "-"
    "-"
    ""
  ]
