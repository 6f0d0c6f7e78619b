/** What the parts of a worker image hand to each other, and what its orchestrator gets. */
import type { BuiltEnvironment } from '../build/types.ts';
import type { Report } from '../events/emitter.ts';
import type { LayerKind } from './documents.ts';

export const builderNames = ['nix', 'docker', 'podman', 'buildah', 'devcontainer'] as const;
export type BuilderName = (typeof builderNames)[number];

/** What makes an image of an environment: one class of things, whatever the program behind it. */
export interface Builder {
  name: BuilderName;
  /** Why it was chosen, in one sentence. */
  reason: string;
  /** The home folder of the image's user. */
  home: string;
  /**
   * Writes the image of the environment alone as an OCI layout into an empty folder.
   *
   * @returns the digest of its manifest
   */
  image(directory: string, report: Report, signal: AbortSignal | undefined): Promise<{ manifest: string }>;
  /** The environment on this machine, in which dependencies are installed; null where it is only in the image. */
  environment(report: Report, signal: AbortSignal | undefined): Promise<BuiltEnvironment | null>;
}

/** Which layers an image has besides the environment's. */
export interface WantedLayers {
  dependencies: boolean;
  repository: boolean;
}

export interface BuildResult {
  /** Registry and repository: `registry.example.com/team/snapshot`. */
  imageName: string;
  /** `<repository>-<commit>` */
  imageTag: string;
  /** Name and tag. */
  reference: string;
  /** `sha256:…` of its manifest. */
  digest: string;
  /** Whether the repository has a devcontainer of its own. */
  hasDevcontainer: boolean;
  /** The first twelve digits of `repoUrlHash`, as they stand in tags. */
  repoHash: string;
  /** SHA-256 of the normalised address of the repository. */
  repoUrlHash: string;
  /** Address of the repository, without credentials; null where it has no remote. */
  repoUrl: string | null;
  branch: string | null;
  commitId: string;
  planDigest: string;
  environmentDigest: string;
  /** Null where nothing was installed. */
  dependenciesDigest: string | null;
  /** All tags that name a part of this image now. */
  tags: string[];
  layers: ResultLayer[];
  builder: { name: BuilderName; reason: string } | null;
  /** Why a layer that was wanted is not there. */
  notices: string[];
  /** Bytes of all layers, as stored. */
  size: number;
  /** Milliseconds. */
  duration: number;
}

export interface ResultLayer {
  kind: LayerKind;
  digest: string;
  /** Bytes as stored. */
  size: number;
  /** It was in the registry already. */
  isReused: boolean;
}
