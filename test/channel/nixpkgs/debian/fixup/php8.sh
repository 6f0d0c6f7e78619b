ln -sf php8.4 "$out/bin/php"
