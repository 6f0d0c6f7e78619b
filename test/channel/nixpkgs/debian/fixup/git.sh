wrap git "GIT_EXEC_PATH=$out/lib/git-core" "GIT_TEMPLATE_DIR=$out/share/git-core/templates"
ln -sf ../../bin/git "$out/lib/git-core/git"
