export interface BuiltEnvironment {
  /** Name in the plan: "default". */
  name: string;
  /** /nix/store/…-environment: has `activate` (POSIX sh, exports the environment) and `bin/enter COMMAND…`. */
  storePath: string;
  /** Where the store is on this machine when it is not /nix/store (nix --store DIR: DIR/nix/store); null for /nix/store. */
  storeDirectory: string | null;
  /** All store paths of its closure. */
  closure: readonly string[];
}
