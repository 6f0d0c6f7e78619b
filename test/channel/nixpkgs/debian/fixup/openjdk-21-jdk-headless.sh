mkdir -p "$out/bin"
ln -sf "$out"/lib/jvm/java-21-openjdk-*/bin/* "$out/bin/"
