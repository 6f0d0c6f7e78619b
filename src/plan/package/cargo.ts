/**
 * Cargo: `Cargo.lock` has the hash of every crate of crates.io, and none of what comes from Git.
 * https://nixos.org/manual/nixpkgs/stable/#importing-a-cargo.lock-file
 */
import { parseCargoLock } from '../../detect/rust/lockfile.ts';
import { parseToml } from '../../parse/toml.ts';
import { isRecord, stringAt, stringsAt, valueAt } from '../../parse/value.ts';
import {
  evidenceOf,
  hashMissing,
  type Outcome,
  type Reader,
  storeName,
  textOf,
  unsupported,
} from './outcome.ts';

const manifestFile = 'Cargo.toml';
const lockName = 'Cargo.lock';

const cratesIo =
  /^(registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index|sparse\+https:\/\/index\.crates\.io\/)$/;

export const cargoRecipe: Reader = (inventory) => {
  const text = textOf(inventory, manifestFile);
  if (text === null) return null;
  const because = [evidenceOf(manifestFile, 'package/cargo')];
  const parsed = parseToml(text);
  if ('problem' in parsed) return unsupported(`${manifestFile} cannot be read`, null, because);
  const manifest = parsed.document.value;
  const name = stringAt(manifest, ['package', 'name']);
  const members = stringsAt(manifest, ['workspace', 'members']);
  const version = valueAt(manifest, ['package', 'version']);
  if (name === null || members.length > 0 || isRecord(version)) {
    return unsupported(
      `${manifestFile} is that of a workspace: only a project that is alone in its lock file is built`,
      null,
      because,
    );
  }
  const lock = textOf(inventory, lockName);
  if (lock === null) {
    return hashMissing(
      `there is no ${lockName}, so no crate has a hash`,
      '`cargo generate-lockfile` writes one; commit it.',
      because,
    );
  }
  return (
    lockProblem(lock) ?? {
      recipe: {
        kind: 'cargo',
        name: storeName(name),
        version: storeName(typeof version === 'string' ? version : '0.0.0'),
        lockfile: lockName,
        build: 'cargo build --release',
        test: 'cargo test',
        because: [...because, evidenceOf(lockName, 'package/cargo-lock')],
      },
    }
  );
};

function lockProblem(lock: string): Outcome | null {
  const lines = lock.split('\n');
  for (const crate of parseCargoLock(lock)) {
    const { source, line } = crate;
    if (source === null) continue;
    const because = [evidenceOf(lockName, 'package/cargo-lock', line)];
    const what = `${crate.name} ${crate.version}`;
    if (source.startsWith('git+')) {
      return hashMissing(
        `${what} comes from Git, and ${lockName} has no hash of its files`,
        'buildRustPackage takes it as cargoLock.outputHashes: build by hand once with lib.fakeHash, and Nix says which it is.',
        because,
      );
    }
    if (!cratesIo.test(source)) {
      return unsupported(
        `${what} comes from another registry than crates.io (${source})`,
        'buildRustPackage takes the address of its downloads as cargoLock.extraRegistries.',
        because,
      );
    }
    if (!hasChecksum(lines, line, crate)) {
      return hashMissing(`${lockName} has no checksum of ${what}`, '`cargo update -w` writes it.', because);
    }
  }
  return null;
}

/** Beside the crate, or in the metadata of files that an older Cargo wrote. */
function hasChecksum(
  lines: readonly string[],
  line: number,
  { name, version, source }: { name: string; version: string; source: string | null },
): boolean {
  // `line` is that of the name; version, source and checksum follow it.
  for (const each of lines.slice(line, line + 6)) {
    if (each.startsWith('[[')) break;
    if (/^checksum = "[0-9a-f]{64}"/.test(each)) return true;
  }
  return lines.some((each) => each.startsWith(`"checksum ${name} ${version} (${source})" = "`));
}
