# Installs what importNpmLock fetched, instead of what package.json asks a registry for.
_installNpmDeps() {
  export HOME=$TMPDIR npm_config_offline=true npm_config_progress=false npm_config_fund=false
  export npm_config_audit=false npm_config_update_notifier=false
  mkdir "$TMPDIR/manifests"
  cp package.json package-lock.json "$TMPDIR/manifests/"
  cp --no-preserve=mode "$npmDeps/package.json" "$npmDeps/package-lock.json" .
  npm install --ignore-scripts
  patchShebangs node_modules
  npm rebuild
}

# The package has the manifests of the project, which do not name the store.
_restoreManifests() {
  local package
  for package in "$out"/lib/node_modules/*/package.json "$out"/lib/node_modules/@*/*/package.json; do
    if [ -e "$package" ]; then cp "$TMPDIR/manifests/package.json" "$package"; fi
  done
}

postConfigureHooks+=(_installNpmDeps)
postInstallHooks+=(_restoreManifests)
