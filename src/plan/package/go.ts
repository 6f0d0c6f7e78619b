/**
 * Go: a module whose dependencies are vendored, or that has none, fetches nothing. The hashes of go.sum are of
 * another kind than Nix's: https://nixos.org/manual/nixpkgs/stable/#var-go-vendorHash
 */
import { parseGoFile } from '../../detect/go/modfile.ts';
import { evidenceOf, hashMissing, type Reader, storeName, textOf, unsupported } from './outcome.ts';

const manifestFile = 'go.mod';
const vendored = 'vendor/modules.txt';

export const goRecipe: Reader = (inventory) => {
  const text = textOf(inventory, manifestFile);
  if (text === null) return null;
  const because = [evidenceOf(manifestFile, 'package/go')];
  const { module, requires, replaces } = parseGoFile(text);
  if (module === null) return unsupported(`${manifestFile} names no module`, null, because);
  if (inventory.paths.includes('go.work')) {
    return unsupported('the modules of a go.work are built together', null, [
      evidenceOf('go.work', 'package/go'),
    ]);
  }
  const nested = inventory.paths.find((each) => each.endsWith('/go.mod') && !each.startsWith('vendor/'));
  if (nested !== undefined) {
    // https://github.com/NixOS/nixpkgs/pull/284568
    return unsupported(
      `buildGoModule of nixpkgs would build ${nested.slice(0, -'/go.mod'.length)} as part of this module, and it is one of its own`,
      null,
      [evidenceOf(nested, 'package/go')],
    );
  }
  const outside = replaces.find(({ by }) => by.startsWith('../') || by.startsWith('/'));
  const isVendored = inventory.paths.includes(vendored);
  if (outside !== undefined && !isVendored) {
    return unsupported(`${outside.path} is replaced by ${outside.by}, outside of the project`, null, [
      evidenceOf(manifestFile, 'package/go', outside.line),
    ]);
  }
  if (!isVendored && requires.length > 0) {
    return hashMissing(
      'buildGoModule of nixpkgs wants a hash of all modules together (vendorHash), and go.sum has no such hash',
      '`go mod vendor` makes it needless, once the folder vendor is committed; by hand, build with vendorHash = lib.fakeHash once, and Nix says which it is.',
      because,
    );
  }
  return {
    recipe: {
      kind: 'go',
      name: storeName(nameOf(module.value)),
      // Versions of Go modules are tags, which are no part of their files.
      version: '0',
      lockfile: isVendored ? vendored : null,
      build: 'go install ./...',
      test: 'go test ./...',
      because: [...because, ...(isVendored ? [evidenceOf(vendored, 'package/go-vendor')] : [])],
    },
  };
};

/** As the go command names the program: the last part of the path that is no major version. */
function nameOf(module: string): string {
  const parts = module.split('/').filter((part) => part !== '' && !/^v\d+$/.test(part));
  return parts.at(-1) ?? 'module';
}
