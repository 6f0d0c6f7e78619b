#!/usr/bin/env node
// prepare.mjs SET [DIRECTORY]: makes the stand-in for nixpkgs of that set ready, and says on standard output where it is, as JSON:
//   { set, directory, storePath, narHash, release }
// Copies ../nixpkgs to DIRECTORY/SET, adds the lock (made anew when it is missing, old, or of other sets) and puts the tree and the
// busybox seed into the Nix store, the tree as "source", so that a flake.lock with its narHash is accepted without network.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { closure, readIndex } from "./debian.mjs";
import { lock } from "./lock.mjs";
import { debianMirror, download } from "./mirrors.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const channel = dirname(here);
// Debian's pool addresses change with every point release.
const lockLifetime = Number(process.env.NIDIFY_TEST_LOCK_DAYS ?? 14) * 24 * 60 * 60 * 1000;

/** Where the tests keep what they download: NIDIFY_TEST_CACHE, else a folder of the user's cache. */
export function cacheDirectory() {
  return process.env.NIDIFY_TEST_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "nidify-tests");
}

export async function prepare(set, directory = join(cacheDirectory(), "channels")) {
  const lockDirectory = join(directory, "locks", `${set}-${digest([join(channel, "sets"), join(here, "lock.mjs"), join(here, "units.mjs"), join(here, "debian.mjs")])}`);
  const stamp = join(lockDirectory, "set.json");
  if (!existsSync(stamp) || Date.now() - statSync(stamp).mtimeMs > lockLifetime) await lock(set, lockDirectory);
  const seed = await busyboxSeed(directory);

  const tree = join(directory, set);
  const next = mkdtempSync(join(directory, `.${set}-`));
  chmodSync(next, 0o755);
  cpSync(join(channel, "nixpkgs"), next, { recursive: true, filter: (source) => !isGenerated(source) });
  for (const file of readdirSync(lockDirectory)) copyFileSync(join(lockDirectory, file), join(next, file));
  writeFileSync(join(next, "seed.json"), `${JSON.stringify({ busybox: seed })}\n`);
  rmSync(tree, { recursive: true, force: true });
  renameSync(next, tree);

  const { storePath, narHash } = addToStore(tree, "source");
  const { release } = JSON.parse(readFileSync(join(tree, "set.json"), "utf8"));
  return { set, directory: tree, storePath, narHash, release };
}

function isGenerated(source) {
  return dirname(source) === join(channel, "nixpkgs") && /^(debs|npm|seed|set)\.json$/.test(source.slice(source.lastIndexOf("/") + 1));
}

/** The hash of the seed, which is in the store afterwards: Debian's static busybox, alone in a bin folder. */
async function busyboxSeed(directory) {
  const seed = join(directory, "busybox-seed");
  const program = join(seed, "bin", "busybox");
  if (!existsSync(program)) {
    mkdirSync(dirname(program), { recursive: true });
    const mirror = debianMirror();
    const index = await readIndex(mirror, "bookworm");
    const deb = index.packages.get([...closure(index, ["busybox-static"]).keys()][0]);
    const content = await download(`${mirror}/${deb.file}`);
    if (createHash("sha256").update(content).digest("hex") !== deb.sha256) throw new Error(`${deb.file} has another hash than the index says`);
    const work = mkdtempSync(join(tmpdir(), "nidify-seed-"));
    writeFileSync(join(work, "busybox.deb"), content);
    execFileSync("dpkg-deb", ["-x", join(work, "busybox.deb"), work]);
    copyFileSync(join(work, "bin", "busybox"), program);
    chmodSync(program, 0o755);
    rmSync(work, { recursive: true });
  }
  // nothing but the content counts in the store's hash, but a store path is dated 1970 all the same
  utimesSync(program, 1, 1);
  return addToStore(seed, "busybox-seed").base32;
}

/** Puts a folder into the store under a name, as fetchTarball and flakes do. */
function addToStore(directory, name) {
  const work = mkdtempSync(join(tmpdir(), "nidify-store-"));
  const source = join(work, name);
  try {
    cpSync(directory, source, { recursive: true });
    const storePath = nix("nix-store", "--add-fixed", "--recursive", "sha256", source);
    const base32 = nix("nix-hash", "--type", "sha256", "--base32", source);
    return { storePath, base32, narHash: `sha256-${Buffer.from(nix("nix-hash", "--type", "sha256", source), "hex").toString("base64")}` };
  } finally {
    rmSync(work, { recursive: true });
  }
}

function nix(program, ...args) {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

function digest(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    const files = statSync(path).isDirectory() ? readdirSync(path).sort().map((name) => join(path, name)) : [path];
    for (const file of files) hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [set, directory] = process.argv.slice(2);
  if (set === undefined) {
    process.stderr.write("usage: prepare.mjs SET [DIRECTORY]\n");
    process.exit(2);
  }
  mkdirSync(directory ?? join(cacheDirectory(), "channels"), { recursive: true });
  process.stdout.write(`${JSON.stringify(await prepare(set, directory))}\n`);
}
