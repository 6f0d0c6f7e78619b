ln -sf unrar-nonfree "$out/bin/unrar"
