{
  "targets": [
    {
      "target_name": "addon",
      "sources": ["addon.c"],
      "cflags": ["<!@(pkg-config --cflags zlib)"],
      "libraries": ["<!@(pkg-config --libs zlib)"],
    },
  ],
}
