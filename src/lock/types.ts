/**
 * `nidify.lock`: what was decided and written, committed beside the files. The planner keeps its pins and
 * lines while they still satisfy; `check` tells from it which input changed; `write` tells a generated file
 * from one that a person edited.
 *
 * Plain types without zod, because `analyze` reads the lock too.
 */

import type { Asked } from '../plan/schema.ts';

export const lockFileName = 'nidify.lock';
export const lockSchemaVersion = 1;

/** One pinned revision of a channel: the row that `flake.lock` and `shell.nix` are written from. */
export interface LockedPin {
  /** Name of the flake input: `nixpkgs`. */
  input: string;
  /** `nixos-26.05` */
  channel: string;
  /** 40 hexadecimal digits. */
  rev: string;
  /** SRI hash of the source tree. */
  narHash: string;
  /** Seconds since 1970. */
  lastModified: number;
}

/** What a base image is, as its registry said. */
export interface LockedImage {
  /** `docker.io/library/debian:trixie-slim` */
  reference: string;
  /** `sha256:…` of its manifest. */
  digest: string;
}

/** Which version line answered a need. */
export interface LockedLine {
  /** Key of the toolchain or package manager in the plan: `node-22`. */
  key: string;
  /** Canonical id: `node`. */
  id: string;
  requested: string | null;
  version: string | null;
  precision: 'exact' | 'minor' | 'line';
  attribute: string;
  channel: string;
}

export interface Lock {
  schemaVersion: typeof lockSchemaVersion;
  generator: { name: string; version: string };
  /** Packages were asked for: the next run makes them too. Absent where they were not. */
  package?: true;
  /** Path of the project that a command asked for alone: the next run is for it too. Absent where it is for all. */
  project?: string;
  /** The target that a command asked for: the next run makes it too. Absent where evidence decides. */
  asked?: Asked;
  pins: LockedPin[];
  /** Of the container target; absent where none is pinned. */
  images?: LockedImage[];
  lines: LockedLine[];
  /** Git blob id of every input of the plan, by path; null where only its presence matters. */
  inputs: Record<string, string | null>;
  /** `sha256-…` of every file that was written, by path from the output folder; without the lock itself. */
  outputs: Record<string, string>;
}
