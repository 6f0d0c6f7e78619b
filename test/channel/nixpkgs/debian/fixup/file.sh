wrap file "MAGIC=$(in_deps lib/file/magic.mgc)"
